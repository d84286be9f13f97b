package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.effect.ssh.SshHop;
import dev.slipway.effect.ssh.SshRoute;
import dev.slipway.effect.ssh.SshTarget;
import dev.slipway.effect.ssh.TestAgent;
import dev.slipway.effect.ssh.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshSettingsTest {

  @TempDir private static Path home;
  private static Path config;
  private final Map<String, String> variables = new HashMap<>();

  @BeforeAll
  static void generateOnce() throws IOException {
    config = Files.createDirectory(home.resolve(".ssh")).resolve("config");
    for (String name : new String[] {"key", "other", "third"}) {
      TestKeys.generate(home, name, "", "-t", "ed25519");
    }
    TestKeys.generate(home.resolve(".ssh"), "locked", "open sesame", "-t", "ed25519");
  }

  @BeforeEach
  void theUsualVariables() throws IOException {
    Files.deleteIfExists(config);
    variables.put("HOME", home.toString());
    variables.put("PROD_SERVER_HOST", "prod");
    variables.put("PROD_SERVER_USER", "deploy");
    variables.put("PROD_SSH_KEY", home.resolve("key").toString());
  }

  private static void configure(String text) throws IOException {
    Files.writeString(config, text);
  }

  private SshRoute route() {
    return new SshSettings(new Environment(variables)).route();
  }

  private static String keyOf(SshHop hop) {
    return hop.identity().authorizedKey();
  }

  private static String publicHalf(String name) {
    try {
      String[] words = Files.readString(home.resolve(name + ".pub")).split(" ", -1);
      return words[0] + " " + words[1];
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void goesWhereTheVariablesSay() {
    variables.put("PROD_SERVER_PORT", "2222");

    assertThat(route().server().target()).isEqualTo(new SshTarget("prod", 2222, "deploy"));
    assertThat(keyOf(route().server())).isEqualTo(publicHalf("key"));
    assertThat(route().jump()).isEmpty();
  }

  @Test
  void takesFromTheConfigurationWhatTheVariablesLeaveOut() throws IOException {
    configure(
        "Host prod\n  HostName 192.0.2.7\n  Port 2200\n  User ann\n  IdentityFile "
            + home.resolve("other")
            + "\n  ProxyJump bastion\nHost bastion\n  HostName bastion.example\n  Port 2022\n"
            + "  User bob\n  IdentityFile "
            + home.resolve("third")
            + "\n");
    variables.remove("PROD_SERVER_USER");
    variables.remove("PROD_SSH_KEY");

    SshRoute route = route();

    assertThat(route.server().target()).isEqualTo(new SshTarget("192.0.2.7", 2200, "ann"));
    assertThat(keyOf(route.server())).isEqualTo(publicHalf("other"));
    SshHop jump = route.jump().orElseThrow();
    assertThat(jump.target()).isEqualTo(new SshTarget("bastion.example", 2022, "bob"));
    assertThat(keyOf(jump)).isEqualTo(publicHalf("third"));
  }

  @Test
  void letsTheVariablesWin() throws IOException {
    configure(
        "Host prod\n  HostName 192.0.2.7\n  Port 2200\n  User ann\n  ProxyJump bastion\n  IdentityFile "
            + home.resolve("other")
            + "\n");
    variables.put("PROD_SERVER_HOST", "prod:22");
    variables.put("PROD_SSH_JUMP", "carol@gate.example:2022");

    SshRoute route = route();

    assertThat(route.server().target()).isEqualTo(new SshTarget("192.0.2.7", 22, "deploy"));
    assertThat(keyOf(route.server())).isEqualTo(publicHalf("key"));
    assertThat(route.jump().orElseThrow().target())
        .isEqualTo(new SshTarget("gate.example", 2022, "carol"));
    variables.put("PROD_SERVER_PORT", "23");
    assertThat(route().server().target().port()).isEqualTo(23);
  }

  @ParameterizedTest
  @CsvSource({
    "gate.example, gate.example, 22, deploy",
    "ann@gate.example, gate.example, 22, ann",
    "ann@gate.example:2022, gate.example, 2022, ann",
    "ann@[2001:db8::7]:2022, 2001:db8::7, 2022, ann"
  })
  void readsTheServerToGetThrough(String text, String host, int port, String user) {
    variables.put("PROD_SSH_JUMP", text);

    SshHop jump = route().jump().orElseThrow();

    assertThat(jump.target()).isEqualTo(new SshTarget(host, port, user));
    assertThat(keyOf(jump)).isEqualTo(publicHalf("key"));
    variables.put("PROD_SSH_JUMP_KEY", home.resolve("other").toString());
    assertThat(keyOf(route().jump().orElseThrow())).isEqualTo(publicHalf("other"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b,c@d", "ann@", "ann@gate:99999", "-oProxyCommand=x", "a b@gate"})
  void refusesWhatIsNotOneServerToGetThrough(String text) {
    variables.put("PROD_SSH_JUMP", text);

    assertThatThrownBy(this::route)
        .hasMessage("PROD_SSH_JUMP does not name one jump host: \"" + text + "\".");
  }

  @Test
  void namesTheVariableOfTheJumpsKey() {
    variables.put("PROD_SSH_JUMP", "gate.example");
    variables.put("PROD_SSH_JUMP_KEY", home.resolve(".ssh/locked").toString());

    assertThatThrownBy(this::route)
        .hasMessage("PROD_SSH_JUMP_KEY is locked by a passphrase.")
        .asString()
        .contains("Set PROD_SSH_JUMP_KEY_PASSPHRASE to it");
    variables.put("PROD_SSH_JUMP_KEY_PASSPHRASE", "open sesame");
    assertThat(keyOf(route().jump().orElseThrow())).isEqualTo(publicHalf(".ssh/locked"));
  }

  @Test
  void takesTheAgentsKeyWhereNoneIsGivenOrTheFileIsLocked() throws IOException {
    configure("Host prod\n  IdentityFile ~/.ssh/locked\n");
    variables.remove("PROD_SSH_KEY");
    assertThatThrownBy(this::route)
        .hasMessage(home.resolve(".ssh/locked") + " is locked by a passphrase.")
        .asString()
        .contains("Set PROD_SSH_KEY_PASSPHRASE to it");

    try (TestAgent agent = TestAgent.start(home.resolve("agent"), home.resolve("third"))) {
      variables.put("SSH_AUTH_SOCK", agent.socket());
      assertThat(keyOf(route().server())).isEqualTo(publicHalf("third"));

      variables.put("PROD_SSH_KEY_PASSPHRASE", "open sesame");
      assertThat(keyOf(route().server())).isEqualTo(publicHalf(".ssh/locked"));
      variables.put("PROD_SSH_KEY", home.resolve("key").toString());
      assertThat(keyOf(route().server())).isEqualTo(publicHalf("key"));
    }
  }

  @Test
  void letsAnAgentFirstOfferTheKeyThatTheConfigurationNames() throws IOException {
    variables.remove("PROD_SSH_KEY");
    try (TestAgent agent =
        TestAgent.start(home.resolve("several"), home.resolve("key"), home.resolve("third"))) {
      variables.put("SSH_AUTH_SOCK", agent.socket());
      assertThat(keyOf(route().server())).isEqualTo(publicHalf("key"));

      configure("Host prod\n  IdentityFile " + home.resolve("third.pub") + "\n");
      assertThat(keyOf(route().server())).isEqualTo(publicHalf("third"));
      Files.copy(home.resolve("third.pub"), home.resolve("gone.pub"));
      configure("Host prod\n  IdentityFile ~/gone\n");
      assertThat(keyOf(route().server())).isEqualTo(publicHalf("third"));
      configure("Host prod\n  IdentityFile " + home.resolve("other.pub") + "\n");
      assertThat(keyOf(route().server())).isEqualTo(publicHalf("key"));
    }
  }

  @Test
  void saysWhatIsMissing() {
    variables.remove("PROD_SSH_KEY");
    assertThatThrownBy(this::route)
        .hasMessage(
            "The variable PROD_SSH_KEY is not set, and there is no ssh-agent (SSH_AUTH_SOCK) either.");
    variables.remove("PROD_SERVER_USER");
    assertThatThrownBy(this::route).hasMessage("The variable PROD_SERVER_USER is not set.");
  }

  @Test
  void leavesBlocksThatBeginWithMatchAlone() throws IOException {
    configure(
        """
        Host prod
          User ann
          IdentityFile %1$s
        match host staging exec "true"
          Port 2200
          ProxyJump bastion
          IdentityFile %2$s
        Host other
          Port 2201
        Match=all
          HostName elsewhere.example
        Host pr*
          Port 2022
        """
            .formatted(home.resolve("other"), home.resolve("third")));
    variables.remove("PROD_SERVER_USER");
    variables.remove("PROD_SSH_KEY");

    SshRoute route = route();

    assertThat(route.server().target()).isEqualTo(new SshTarget("prod", 2022, "ann"));
    assertThat(keyOf(route.server())).isEqualTo(publicHalf("other"));
    assertThat(route.jump()).isEmpty();
  }

  @Test
  void resolvesHostsAsSshItselfDoes() throws IOException {
    configure(
        """
        Port 2022
        Host *.example !test.example
          User ann
        Host prod
          HostName %h.example
          User=bob
        Host *
          User carol
          HostName else.example
        """);
    variables.remove("PROD_SERVER_USER");

    String ssh =
        new LocalProcess()
            .run(
                ShellCommand.of("ssh", "-F", config.toString(), "-G", "prod"),
                Duration.ofSeconds(20))
            .standardOutput();
    SshTarget target = route().server().target();

    assertThat(ssh.lines())
        .contains("hostname " + target.host(), "port " + target.port(), "user " + target.user());
  }
}
