package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SshConnectionTest {

  @TempDir private static Path folder;
  private static SshKey key;

  @BeforeAll
  static void generateOnce() {
    Path file = TestKeys.generate(folder, "key", "", "-t", "ed25519");
    key = SshKey.parse(Secret.of(file.toString()), Optional.empty());
  }

  @Test
  void refusesANameThatDoesNotResolve() {
    SlipwayException refusal = refusal(new SshTarget("no-such-host.invalid", 22, "deploy"));

    assertThat(refusal.what()).isEqualTo("The name no-such-host.invalid cannot be resolved.");
    assertThat(refusal.advice()).startsWith("Correct PROD_SERVER_HOST");
  }

  @Test
  void refusesAPortWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket closed = loopback()) {
      port = closed.getLocalPort();
    }

    assertThat(refusal(target(port)).what())
        .isEqualTo("127.0.0.1 port %d refuses connections: no SSH server listens there.", port);
    assertThat(refusal(target(port)).advice())
        .isEqualTo("Check the port (PROD_SERVER_PORT), and that sshd runs.");
  }

  @Test
  void refusesAServerThatStaysSilent() throws IOException {
    try (ServerSocket silent = loopback()) {
      assertThat(refusal(target(silent.getLocalPort())).what())
          .isEqualTo("127.0.0.1 port %d does not answer in time.", silent.getLocalPort());
    }
  }

  @Test
  void refusesAServerThatSpeaksSomethingElse() throws IOException {
    try (ServerSocket web = loopback()) {
      Thread server = new Thread(() -> answerOnce(web, "HTTP/1.1 400 Bad Request\r\n\r\n"));
      server.start();

      SlipwayException refusal = refusal(target(web.getLocalPort()));

      assertThat(refusal.what())
          .startsWith(
              "The connection to 127.0.0.1 port "
                  + web.getLocalPort()
                  + " broke before it was open: ");
      assertThat(refusal.advice()).startsWith("Check that an SSH server listens there");
    }
  }

  @Test
  void givesUpConnectingWhenInterrupted() throws IOException {
    try (ServerSocket silent = loopback()) {
      Thread.currentThread().interrupt();

      assertThat(refusal(target(silent.getLocalPort())).what()).startsWith("Interrupted while");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException gone) {
      throw new AssertionError(gone);
    }
  }

  private static SlipwayException refusal(SshTarget target) {
    SlipwayException refusal =
        catchThrowableOfType(
            SlipwayException.class,
            () -> SshConnection.open(target, key, KnownHosts.none(), Duration.ofSeconds(1)));
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refusal;
  }

  private static SshTarget target(int port) {
    return new SshTarget("127.0.0.1", port, "deploy");
  }

  private static ServerSocket loopback() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
