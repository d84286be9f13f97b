package dev.slipway.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSyntaxTest {

  @ParameterizedTest
  @CsvSource({
    "500ms,500",
    "60s,60000",
    "2m,120000",
    "1m30s,90000",
    "1h,3600000",
    "1.5s,1500",
    "0s,0",
    "1h2m3s4ms,3723004"
  })
  void readsDurations(String text, long milliseconds) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "60", "s", "60 s", "-1s", "1s ", "1d", "1e3s", "9999999999s", "1s30"})
  void refusesWhatIsNoDuration(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "8080,-,-,8080,tcp",
        "80:8080,-,80,8080,tcp",
        "127.0.0.1:80:8080,127.0.0.1,80,8080,tcp",
        "127.0.0.1::8080,127.0.0.1,-,8080,tcp",
        "[::1]:80:8080,[::1],80,8080,tcp",
        "53:53/udp,-,53,53,udp",
        ":8080,-,-,8080,tcp",
        "0:8080,-,-,8080,tcp",
        "8000-8010:80,-,8000,80,tcp",
      })
  void readsPorts(String text, String address, Integer host, int target, String protocol) {
    assertThat(PortSyntax.parse(text))
        .containsExactly(
            new PortMapping(
                Optional.ofNullable(address), Optional.ofNullable(host), target, protocol));
  }

  @Test
  void spreadsRangesOfPorts() {
    assertThat(PortSyntax.parse("8000-8001:90-91/udp"))
        .extracting(port -> port.published().orElse(0) + ">" + port.ephemeral())
        .containsExactly("8000>90/udp", "8001>91/udp");
    assertThat(PortSyntax.parse("90-92"))
        .extracting(PortMapping::target)
        .isEqualTo(List.of(90, 91, 92));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a",
        "80:",
        "80:a",
        "0",
        "65536",
        "1:99999",
        "1-2:1-3",
        "9-1",
        "80:80/icmp",
        "1:2:3",
        "80:80:80:80",
        "host:80:80",
        "80 :80"
      })
  void refusesWhatIsNoPort(String text) {
    assertThatThrownBy(() -> PortSyntax.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsVolumes() {
    assertThat(VolumeMount.parse("data:/var/lib"))
        .isEqualTo(new VolumeMount("volume", Optional.of("data"), "/var/lib", false));
    assertThat(VolumeMount.parse("./conf:/etc/conf:ro,z"))
        .isEqualTo(new VolumeMount("bind", Optional.of("./conf"), "/etc/conf", true));
    assertThat(VolumeMount.parse("/cache"))
        .isEqualTo(new VolumeMount("volume", Optional.empty(), "/cache", false));
  }
}
