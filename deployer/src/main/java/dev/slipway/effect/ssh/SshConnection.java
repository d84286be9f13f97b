package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** One verified connection to the server, shared by all commands and forwarded ports. */
public final class SshConnection implements Shell, AutoCloseable {

  private final SshTarget target;
  private final Session session;
  private final SessionOpener opener;
  private final ExecutorService threads;
  private final RemoteShell shell;

  private SshConnection(
      SshTarget target, Session session, SessionOpener opener, ExecutorService threads) {
    this.target = target;
    this.session = session;
    this.opener = opener;
    this.threads = threads;
    this.shell = new RemoteShell(session, target, threads);
  }

  /** Connects without a jump. */
  static SshConnection open(
      SshTarget target, SshIdentity identity, KnownHosts knownHosts, Duration timeout) {
    return open(SshRoute.direct(target, identity), knownHosts, timeout);
  }

  /**
   * Connects, verifies the server's host key and logs in, in this order, and before that at the
   * server that the route leads through.
   *
   * @param timeout for each connection, and again for each answer until the login is done
   * @throws SlipwayException when a server is not reached, not verified or does not let the key in;
   *     also when interrupted
   */
  public static SshConnection open(SshRoute route, KnownHosts knownHosts, Duration timeout) {
    return open(route, knownHosts, timeout, Liveness.USUAL);
  }

  static SshConnection open(
      SshRoute route, KnownHosts knownHosts, Duration timeout, Liveness liveness) {
    SshTarget target = route.server().target();
    ExecutorService threads = Executors.newCachedThreadPool(SshConnection::daemon);
    SessionOpener opener = new SessionOpener(knownHosts, timeout, liveness);
    boolean open = false;
    try {
      // JSch swallows interrupts while it connects, so that happens in another thread.
      Session session = threads.submit(() -> opener.open(route)).get();
      open = true;
      return new SshConnection(target, session, opener, threads);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof SlipwayException known) {
        throw known;
      }
      throw new IllegalStateException("connecting to " + target, failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.REFUSED,
          "Interrupted while connecting to " + target + ".",
          "Run again when ready.",
          interrupt);
    } finally {
      if (!open) {
        threads.shutdownNow();
        opener.close();
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "ssh");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A command that is abandoned is ended on the server with its process group. The exit status
   * is the server's; when it is not told, the outcome is {@link ExitCode#UNKNOWN_STATE}.
   */
  @Override
  public CommandResult run(ShellCommand command, Duration deadline, Consumer<String> lines) {
    return shell.run(command, deadline, lines);
  }

  /**
   * Leads a free port of this machine's loopback to a port as the server reaches it.
   *
   * @throws SlipwayException when the connection is lost
   */
  public PortForward forward(String remoteHost, int remotePort) {
    try {
      return new PortForward(
          session, session.setPortForwardingL(PortForward.LOOPBACK, 0, remoteHost, remotePort));
    } catch (JSchException failure) {
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "No port could be forwarded to "
              + remoteHost
              + ":"
              + remotePort
              + " through "
              + target
              + ".",
          "Check that the server is up.",
          failure);
    }
  }

  /**
   * Leads a free port of the server's loopback to a port of this machine's.
   *
   * @throws SlipwayException when the server forbids that, or the connection is lost
   */
  public ReverseForward forwardBack(int localPort) {
    try {
      return ReverseForward.open(session, localPort);
    } catch (JSchException failure) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          "No port of " + target + " could be led back here: " + failure.getMessage() + ".",
          "Allow it in the server's sshd_config: `AllowTcpForwarding yes` (or `remote`).",
          failure);
    }
  }

  /** The ports that lead to the server now, as {@code local:host:port}. */
  List<String> forwardedPorts() {
    try {
      return List.of(session.getPortForwardingL());
    } catch (JSchException disconnected) {
      return List.of();
    }
  }

  /** Whether the connection still stands. */
  public boolean isOpen() {
    return session.isConnected();
  }

  @Override
  public void close() {
    opener.close();
    threads.shutdownNow();
  }

  @Override
  public String toString() {
    return "SshConnection[" + target + "]";
  }
}
