package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Buffer;
import com.jcraft.jsch.SSHAgentConnector;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TimedAgentConnectorTest {

  private static final Duration NEVER = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Path socket = Path.of("/");

  @BeforeEach
  void nameTheSocket() {
    socket = folder.resolve("agent");
  }

  private TimedAgentConnector agent(Duration lists, Duration signs) throws AgentProxyException {
    return new TimedAgentConnector(new SSHAgentConnector(socket), socket, lists, signs);
  }

  /** It takes connections and never says a word. */
  private ServerSocketChannel silentAgent() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }

  @Test
  void givesUpAnAgentThatDoesNotAnswer() throws Exception {
    try (ServerSocketChannel silent = silentAgent()) {
      TimedAgentConnector agent = agent(Duration.ofMillis(100), LONG);

      assertThatThrownBy(() -> new AgentIdentityRepository(agent).getIdentities())
          .isInstanceOf(SlipwayException.class)
          .hasMessageStartingWith(
              "The ssh-agent that SSH_AUTH_SOCK names, " + socket + ", did not answer within ");
      assertThat(silent.isOpen()).isTrue();
    }
  }

  @Test
  void waitsLongerForASignatureAndNotForEver() throws Exception {
    Path key = TestKeys.generate(folder, "key", "", "-t", "ed25519");
    try (TestAgent started = TestAgent.start(socket, key)) {
      assertThat(started.socket()).isEqualTo(socket.toString());
      assertThat(new AgentIdentityRepository(agent(LONG, LONG)).getIdentities())
          .singleElement()
          .extracting(identity -> identity.getSignature(new byte[] {1}).length > 0)
          .isEqualTo(true);
      assertThat(new AgentIdentityRepository(agent(LONG, NEVER)).getIdentities())
          .singleElement()
          .satisfies(
              identity ->
                  assertThatThrownBy(() -> identity.getSignature(new byte[] {1}))
                      .isInstanceOf(SlipwayException.class));
    }
  }

  @Test
  void tellsJschOfAnAgentThatIsNotThere() throws Exception {
    assertThatThrownBy(() -> agent(LONG, LONG).query(new Buffer(8)))
        .isInstanceOf(AgentProxyException.class);
  }
}
