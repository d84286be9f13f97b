package dev.slipway.effect.ssh;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Whether a server forbids to lead connections to an address. A forwarded port does not tell: JSch
 * opens it without asking the server, which refuses each connection through it later.
 */
final class ForwardCheck {

  /**
   * SSH_OPEN_ADMINISTRATIVELY_PROHIBITED; where nobody listens it is SSH_OPEN_CONNECT_FAILED.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc4254#section-5.1">RFC 4254, 5.1</a>
   */
  private static final int PROHIBITED = 1;

  private static final Duration ANSWER = Duration.ofSeconds(10);

  private ForwardCheck() {}

  /**
   * Asks by opening one connection there and closing it; false also when that is not answered.
   *
   * @throws JSchException when the connection to the server is lost
   */
  static boolean isForbidden(Session session, String host, int port) throws JSchException {
    ChannelDirectTCPIP channel = (ChannelDirectTCPIP) session.openChannel("direct-tcpip");
    channel.setHost(host);
    channel.setPort(port);
    channel.setOutputStream(OutputStream.nullOutputStream());
    try {
      channel.connect(Math.toIntExact(ANSWER.toMillis()));
      return false;
    } catch (JSchException notOpened) {
      if (!session.isConnected()) {
        throw notOpened;
      }
      // JSch leaves the server's reason where an exit status would be.
      return channel.getExitStatus() == PROHIBITED;
    } finally {
      channel.disconnect();
    }
  }
}
