package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port on the server's loopback that leads to a port on this machine's loopback. */
public final class ReverseForward implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(ReverseForward.class);

  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final Session session;
  private final int remotePort;

  private ReverseForward(Session session, int remotePort) {
    this.session = session;
    this.remotePort = remotePort;
  }

  /**
   * Asks the server for any free port.
   *
   * <p>In a thread of its own, since JSch interrupts the one that waits for the answer, be it too
   * late (mwiede jsch 2.28.7, Session.run, SSH_MSG_REQUEST_SUCCESS): the next thing that the
   * deployment waited for would have been abandoned.
   */
  static ReverseForward open(Session session, int localPort) throws JSchException {
    FutureTask<Integer> asking =
        new FutureTask<>(
            () ->
                session.setPortForwardingR(
                    PortForward.LOOPBACK + ":0:" + PortForward.LOOPBACK + ":" + localPort));
    DaemonThreads.start("ssh-forward", asking);
    try {
      return new ReverseForward(session, asking.get(ANSWER.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException failure) {
      throw new JSchException(String.valueOf(failure.getMessage()), failure);
    } catch (TimeoutException silent) {
      throw new JSchException("no answer in " + ANSWER.toSeconds() + " s", silent);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new JSchException("interrupted", interrupt);
    }
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
