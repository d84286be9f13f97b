package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionsTest {

  private static final String HEADING =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
  private static final String LISTENING =
      "   0: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000\n";

  private static String row(String local, String remote, String state) {
    return "   1: " + local + " " + remote + " " + state + " 00000000:00000000 00:00000000\n";
  }

  private static int open(String... rows) {
    return Connections.open(HEADING + LISTENING + String.join("", rows));
  }

  @Test
  void countsWhatOthersHaveToAListeningPort() {
    assertThat(open()).isZero();
    assertThat(open(row("040012AC:1F40", "050012AC:D431", "01"))).isEqualTo(1);
  }

  @Test
  void countsAConnectionThatIsOnItsWayAndOneWithBytesLeft() {
    assertThat(
            open(
                row("040012AC:1F40", "050012AC:D431", "03"),
                row("040012AC:1F40", "050012AC:D432", "04")))
        .isEqualTo(2);
  }

  @Test
  void leavesOutWhatIsOverOrItsOwn() {
    assertThat(
            open(
                row("040012AC:1F40", "050012AC:D431", "06"),
                row("0100007F:1F40", "0100007F:D431", "01"),
                row("040012AC:A000", "020012AC:1538", "01")))
        .isZero();
  }

  @Test
  void readsIpv4WithinIpv6() {
    String table =
        HEADING
            + row(
                "00000000000000000000000000000000:1F90",
                "00000000000000000000000000000000:0000",
                "0A")
            + row(
                "0000000000000000FFFF0000040012AC:1F90",
                "0000000000000000FFFF0000050012AC:D431",
                "01")
            + row(
                "0000000000000000FFFF00000100007F:1F90",
                "0000000000000000FFFF00000100007F:D432",
                "01")
            + row(
                "00000000000000000000000001000000:1F90",
                "00000000000000000000000001000000:D433",
                "01");
    assertThat(Connections.open(table)).isEqualTo(1);
  }
}
