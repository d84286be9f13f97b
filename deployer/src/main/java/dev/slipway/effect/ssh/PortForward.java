package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port on this machine's loopback that leads through the server to a port the server reaches. */
public final class PortForward implements AutoCloseable {

  static final String LOOPBACK = "127.0.0.1";

  private static final Logger logger = LoggerFactory.getLogger(PortForward.class);

  private final Session session;
  private final int localPort;

  PortForward(Session session, int localPort) {
    this.session = session;
    this.localPort = localPort;
  }

  /** The port on 127.0.0.1. */
  public int localPort() {
    return localPort;
  }

  @Override
  public void close() {
    try {
      session.delPortForwardingL(LOOPBACK, localPort);
    } catch (JSchException alreadyGone) {
      logger.debug("forwarded port {} was gone already", localPort, alreadyGone);
    }
  }
}
