package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.effect.ssh.KnownHosts.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {

  private static final SshTarget STANDARD = new SshTarget("prod.example", 22, "deploy");
  private static final SshTarget OTHER_PORT = new SshTarget("prod.example", 2222, "deploy");

  @TempDir private static Path folder;
  private static PublicKey ed25519;
  private static PublicKey rsa;
  private static PublicKey other;

  @BeforeAll
  static void generateOnce() {
    ed25519 = TestKeys.publicKey(TestKeys.generate(folder, "ed25519", "", "-t", "ed25519"));
    rsa = TestKeys.publicKey(TestKeys.generate(folder, "rsa", "", "-t", "rsa", "-b", "2048"));
    other = TestKeys.publicKey(TestKeys.generate(folder, "other", "", "-t", "ed25519"));
  }

  @Test
  void knowsSeveralKeysOfAHost() {
    KnownHosts hosts = KnownHosts.parse(line("prod.example", ed25519) + line("prod.example", rsa));

    assertThat(hosts.judge(STANDARD, ed25519)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(STANDARD, rsa)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(STANDARD, other)).isEqualTo(Verdict.CHANGED);
    assertThat(hosts.judge(new SshTarget("else.example", 22, "deploy"), ed25519))
        .isEqualTo(Verdict.UNKNOWN_HOST);
  }

  @Test
  void keepsPortsApart() {
    KnownHosts hosts =
        KnownHosts.parse(line("[prod.example]:2222", ed25519) + line("prod.example", rsa));

    assertThat(hosts.judge(OTHER_PORT, ed25519)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(OTHER_PORT, rsa)).isEqualTo(Verdict.CHANGED);
    assertThat(hosts.judge(STANDARD, ed25519)).isEqualTo(Verdict.CHANGED);
  }

  @Test
  void fallsBackToTheHostWithoutItsPortAsOpenSshDoes() {
    KnownHosts hosts = KnownHosts.parse(line("prod.example", ed25519));

    assertThat(hosts.judge(OTHER_PORT, ed25519)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(OTHER_PORT, other)).isEqualTo(Verdict.CHANGED);
  }

  @Test
  void readsHashedNames() {
    String lines =
        TestKeys.hashed(
            folder, line("[prod.example]:2222", ed25519) + line("prod.example,192.0.2.7", rsa));
    assertThat(lines).startsWith("|1|").doesNotContain("prod.example");
    KnownHosts hosts = KnownHosts.parse(lines);

    assertThat(hosts.judge(OTHER_PORT, ed25519)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(STANDARD, rsa)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(new SshTarget("192.0.2.7", 22, "deploy"), rsa)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(new SshTarget("192.0.2.8", 22, "deploy"), rsa))
        .isEqualTo(Verdict.UNKNOWN_HOST);
  }

  @Test
  void readsPatternsListsAndNegations() {
    KnownHosts hosts = KnownHosts.parse(line("!test.example,*.EXAMPLE,10.0.0.?", ed25519));

    assertThat(hosts.judge(STANDARD, ed25519)).isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(new SshTarget("10.0.0.5", 22, "deploy"), ed25519))
        .isEqualTo(Verdict.KNOWN);
    assertThat(hosts.judge(new SshTarget("test.example", 22, "deploy"), ed25519))
        .isEqualTo(Verdict.UNKNOWN_HOST);
    assertThat(hosts.judge(new SshTarget("10x0y0z5", 22, "deploy"), ed25519))
        .isEqualTo(Verdict.UNKNOWN_HOST);
  }

  @Test
  void neverAcceptsARevokedKey() {
    KnownHosts hosts =
        KnownHosts.parse(line("prod.example", ed25519) + "@revoked " + line("*", ed25519));

    assertThat(hosts.judge(STANDARD, ed25519)).isEqualTo(Verdict.REVOKED);
    assertThat(hosts.judge(OTHER_PORT, ed25519)).isEqualTo(Verdict.REVOKED);
  }

  @Test
  void doesNotTakeAnAuthoritysKeyForAHostsKey() {
    KnownHosts hosts = KnownHosts.parse("@cert-authority " + line("*.example", ed25519));

    assertThat(hosts.judge(STANDARD, ed25519)).isEqualTo(Verdict.UNKNOWN_HOST);
  }

  @Test
  void asksFirstForTheKindsOfKeyThatAreRecorded() {
    KnownHosts hosts = KnownHosts.parse(line("prod.example", rsa));

    assertThat(new HostKeyCheck(STANDARD, hosts).algorithms())
        .startsWith("rsa-sha2-512,rsa-sha2-256,ssh-ed25519");
    assertThat(new HostKeyCheck(STANDARD, KnownHosts.none()).algorithms())
        .startsWith("ssh-ed25519,ecdsa-sha2-nistp256");
  }

  @Test
  void readsAFileCommentsBlankLinesAndForeignLineEnds() throws Exception {
    String lines =
        "# prod:22 SSH-2.0\r\n\r\n" + line("prod.example", ed25519).strip() + " a note\r\n";
    Path file = Files.writeString(folder.resolve("hosts"), lines);

    String base64 = Base64.getEncoder().encodeToString(lines.getBytes(StandardCharsets.UTF_8));
    for (String value :
        new String[] {lines, lines.replace("\r\n", "\\n"), file.toString(), base64}) {
      assertThat(KnownHosts.parse(value).judge(STANDARD, ed25519)).isEqualTo(Verdict.KNOWN);
    }
    assertThat(KnownHosts.parse("# nothing\n").isEmpty()).isTrue();
  }

  @Test
  void namesTheLineThatCannotBeRead() {
    String good = line("prod.example", ed25519);

    assertThatThrownBy(() -> KnownHosts.parse(good + "prod.example ssh-ed25519"))
        .hasMessageStartingWith(
            "PROD_SSH_KNOWN_HOSTS, line 2: it has no host name, key type and key.");
    assertThatThrownBy(() -> KnownHosts.parse(good + "prod.example ssh-ed25519 AAAAC3"))
        .hasMessageStartingWith("PROD_SSH_KNOWN_HOSTS, line 2: the key is cut or altered.");
    assertThatThrownBy(() -> KnownHosts.parse("prod.example ssh-rsa " + ed25519.base64()))
        .hasMessageStartingWith(
            "PROD_SSH_KNOWN_HOSTS, line 1: the key is of type ssh-ed25519, not ssh-rsa.");
    assertThatThrownBy(() -> KnownHosts.parse("@mine " + good))
        .hasMessageStartingWith("PROD_SSH_KNOWN_HOSTS, line 1: the marker @mine is unknown.");
  }

  private static String line(String names, PublicKey key) {
    return names + " " + key.line() + "\n";
  }
}
