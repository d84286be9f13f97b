package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/** A server that only another one reaches, each with host keys and authorized keys of its own. */
@Tag("deploy")
@Timeout(240)
class SshJumpIT {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final SshTarget INNER = new SshTarget("inner.example", 22, "dash");

  @TempDir private static Path folder;
  @AutoClose private static Network network;
  @AutoClose private static SshServer jump;
  @AutoClose private static SshServer inner;

  @BeforeAll
  static void start() throws IOException {
    Path outer = Files.createDirectory(folder.resolve("outer"));
    Path hidden = Files.createDirectory(folder.resolve("hidden"));
    TestKeys.generate(outer, "key", "", "-t", "ed25519");
    TestKeys.generate(hidden, "key", "", "-t", "ecdsa");
    network = Network.newNetwork();
    jump = new SshServer(outer).named("jump.example", network).start("key");
    inner = new SshServer(hidden).named("inner.example", network).start("key");
  }

  @Test
  void reachesAServerBehindAnotherEachWithItsOwnKeys() {
    long before = jump.logins();
    try (SshConnection connection = open(INNER, jumpLine() + innerLine())) {
      assertThat(run(connection, "id", "-un")).isEqualTo("dash\n");
      assertThat(run(connection, "sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' o"))
          .hasSize(1_000_000);
      try (PortForward forward = connection.forward("127.0.0.1", 22)) {
        assertThat(forward.localPort()).isPositive();
      }
    }
    assertThat(jump.logins()).isEqualTo(before + 1);
  }

  @Test
  void leavesNoConnectionBehind() {
    open(INNER, jumpLine() + innerLine()).close();

    org.awaitility.Awaitility.await()
        .atMost(DEADLINE)
        .untilAsserted(
            () -> {
              assertThat(inner.inside("pgrep -f '^sshd: dash'").getStdout()).isEmpty();
              assertThat(jump.inside("pgrep -f '^sshd: bash'").getStdout()).isEmpty();
            });
  }

  @Test
  void verifiesTheJumpByItsOwnHostKey() {
    SlipwayException unknown = refusal(INNER, innerLine());
    assertThat(unknown.what())
        .startsWith("PROD_SSH_KNOWN_HOSTS has no line for " + jump.target("bash").knownHostsName());

    SlipwayException changed =
        refusal(
            INNER,
            jump.target("bash").knownHostsName()
                + " "
                + inner.hostKey("ed25519").line()
                + "\n"
                + innerLine());
    assertThat(changed.what())
        .isEqualTo(
            "%s shows the host key %s, but PROD_SSH_KNOWN_HOSTS records %s: somebody may be in"
                + " between, or the server was set up anew.",
            jump.target("bash").address(), jump.hostKey("ed25519"), inner.hostKey("ed25519"));
  }

  @Test
  void verifiesTheServerBehindTheJumpToo() {
    assertThat(refusal(INNER, jumpLine()).what())
        .startsWith(
            "PROD_SSH_KNOWN_HOSTS has no line for inner.example: inner.example port 22 shows the"
                + " host key "
                + inner.hostKey("ed25519"));
    assertThat(
            refusal(INNER, jumpLine() + "inner.example " + jump.hostKey("ed25519").line() + "\n")
                .what())
        .contains("but PROD_SSH_KNOWN_HOSTS records " + jump.hostKey("ed25519"));
  }

  @Test
  void saysWhatToLookAtWhenTheJumpDoesNotLeadThere() {
    SlipwayException refusal =
        refusal(new SshTarget("inner.example", 2222, "dash"), jumpLine() + innerLine());

    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal.what())
        .startsWith("The connection to inner.example port 2222 broke before it was open");
    assertThat(refusal.advice())
        .startsWith("Check on " + jump.target("bash") + " that it reaches inner.example port 2222");
  }

  @Test
  void namesTheVariableOfTheJump() {
    SshRoute route =
        SshRoute.direct(INNER, key("hidden"))
            .through(new SshTarget("no-such-host.invalid", 22, "bash"), key("outer"));

    assertThat(
            catchThrowableOfType(
                    SlipwayException.class,
                    () -> SshConnection.open(route, KnownHosts.none(), DEADLINE))
                .advice())
        .startsWith("Correct PROD_SSH_JUMP");
  }

  private static String run(SshConnection connection, String... words) {
    return connection.run(ShellCommand.of(words), DEADLINE).standardOutput();
  }

  private static String jumpLine() {
    return jump.knownHost("ed25519");
  }

  private static String innerLine() {
    return "inner.example " + inner.hostKey("ed25519").line() + "\n";
  }

  private static SshKey key(String where) {
    return SshKey.parse(
        Secret.of(folder.resolve(where).resolve("key").toString()), Optional.empty());
  }

  private static SlipwayException refusal(SshTarget target, String knownHosts) {
    return catchThrowableOfType(
        SlipwayException.class, () -> open(target, knownHosts, Duration.ofSeconds(2)).close());
  }

  private static SshConnection open(SshTarget target, String knownHosts) {
    return open(target, knownHosts, DEADLINE);
  }

  private static SshConnection open(SshTarget target, String knownHosts, Duration timeout) {
    return SshConnection.open(
        SshRoute.direct(target, key("hidden")).through(jump.target("bash"), key("outer")),
        KnownHosts.parse(knownHosts),
        timeout);
  }
}
