package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port on the server's loopback that leads to a port on this machine's loopback. */
public final class ReverseForward implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(ReverseForward.class);

  private final Session session;
  private final int remotePort;

  private ReverseForward(Session session, int remotePort) {
    this.session = session;
    this.remotePort = remotePort;
  }

  /** Asks the server for any free port. */
  static ReverseForward open(Session session, int localPort) throws JSchException {
    return new ReverseForward(
        session,
        session.setPortForwardingR(
            PortForward.LOOPBACK + ":0:" + PortForward.LOOPBACK + ":" + localPort));
  }

  /** The port on the server's 127.0.0.1. */
  public int remotePort() {
    return remotePort;
  }

  @Override
  public void close() {
    try {
      session.delPortForwardingR(PortForward.LOOPBACK, remotePort);
    } catch (JSchException alreadyGone) {
      logger.debug("the server's port {} was gone already", remotePort, alreadyGone);
    }
  }
}
