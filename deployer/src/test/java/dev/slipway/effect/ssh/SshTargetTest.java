package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshTargetTest {

  @ParameterizedTest
  @CsvSource({
    "prod.example, prod.example, 22, prod.example",
    "prod.example:2222, prod.example, 2222, [prod.example]:2222",
    "192.0.2.7, 192.0.2.7, 22, 192.0.2.7",
    "2001:db8::7, 2001:db8::7, 22, 2001:db8::7",
    "[2001:db8::7], 2001:db8::7, 22, 2001:db8::7",
    "[2001:db8::7]:2222, 2001:db8::7, 2222, [2001:db8::7]:2222"
  })
  void readsHostAndPort(String text, String host, int port, String knownHostsName) {
    SshTarget target = SshTarget.parse(text, "deploy");

    assertThat(target).isEqualTo(new SshTarget(host, port, "deploy"));
    assertThat(target.knownHostsName()).isEqualTo(knownHostsName);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "deploy@prod", "ssh://prod", "-oProxyCommand=x", "prod/x"})
  void refusesWhatIsNoHost(String text) {
    assertThatThrownBy(() -> SshTarget.parse(text, "deploy"))
        .hasMessageStartingWith(
            "PROD_SERVER_HOST is not the name or address of a host: \"" + text + "\".");
  }

  @Test
  void takesThePortOfItsOwnVariable() {
    assertThat(SshTarget.parse("prod", Optional.of(" 2222\n"), "deploy").port()).isEqualTo(2222);
    assertThat(SshTarget.parse("2001:db8::7", Optional.of("2222"), "deploy"))
        .isEqualTo(new SshTarget("2001:db8::7", 2222, "deploy"));
    assertThat(SshTarget.parse("prod:2222", Optional.empty(), "deploy").port()).isEqualTo(2222);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssh", "0", "65536", "-22", "22 23", "99999999999999"})
  void refusesWhatIsNoPort(String text) {
    assertThatThrownBy(() -> SshTarget.parse("prod", Optional.of(text), "deploy"))
        .hasToString(
            "PROD_SERVER_PORT is not a port: \""
                + text
                + "\".\nSet it to a number between 1 and 65535, or leave it unset where sshd listens on 22.");
  }

  @Test
  void refusesWhatIsNoPortOrUser() {
    assertThatThrownBy(() -> SshTarget.parse("prod:99999", "deploy"))
        .hasMessageStartingWith("PROD_SERVER_HOST names the port 99999, which does not exist.");
    assertThatThrownBy(() -> SshTarget.parse("prod:0", "deploy"))
        .hasMessageStartingWith("PROD_SERVER_HOST names the port 0, which does not exist.");
    assertThatThrownBy(() -> SshTarget.parse("prod", ""))
        .hasMessageStartingWith("PROD_SERVER_USER is not the name of an account: \"\".");
  }
}
