package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.DaemonThreads;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** One verified connection to the server, shared by all commands and forwarded ports. */
public final class SshConnection implements Shell, AutoCloseable {

  /** What lets a server's ports be reached through its SSH server. */
  public static final String FORWARDING_ADVICE =
      "Set `AllowTcpForwarding yes` in the server's sshd_config (`local` will do where no image comes"
          + " through SSH) and reload sshd. `DisableForwarding`, `PermitOpen`, and `restrict` or"
          + " `no-port-forwarding` in authorized_keys forbid it, too.";

  private final SshTarget target;
  private final Session session;
  private final SessionOpener opener;
  private final ExecutorService threads;
  private final RemoteShell shell;
  private final Set<String> allowed = ConcurrentHashMap.newKeySet();

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
    ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("ssh"));
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
   * Whether the server leads connections to a port as it reaches it, be anybody there or not.
   *
   * @throws SlipwayException when the connection is lost
   */
  public boolean mayForward(String remoteHost, int remotePort) {
    String place = remoteHost + ":" + remotePort;
    if (allowed.contains(place)) {
      return true;
    }
    try {
      // JSch swallows interrupts while it opens a channel, so that happens in another thread.
      Callable<Boolean> asking = () -> ForwardCheck.isForbidden(session, remoteHost, remotePort);
      boolean forbidden = threads.submit(asking).get();
      if (!forbidden) {
        allowed.add(place);
      }
      return !forbidden;
    } catch (ExecutionException lost) {
      throw notForwarded(place, lost);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "Interrupted while " + target + " was asked to lead to " + place + ".",
          "See slipway status for what the server runs before running anything again.",
          interrupt);
    }
  }

  /**
   * Leads a free port of this machine's loopback to a port as the server reaches it.
   *
   * @throws SlipwayException when the server forbids that, or the connection is lost
   */
  public PortForward forward(String remoteHost, int remotePort) {
    if (!mayForward(remoteHost, remotePort)) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          "The SSH server of "
              + target
              + " forbids to reach "
              + remoteHost
              + ":"
              + remotePort
              + " through it.",
          FORWARDING_ADVICE);
    }
    try {
      return new PortForward(
          session, session.setPortForwardingL(PortForward.LOOPBACK, 0, remoteHost, remotePort));
    } catch (JSchException failure) {
      throw notForwarded(remoteHost + ":" + remotePort, failure);
    }
  }

  private SlipwayException notForwarded(String place, Exception failure) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "No port could be forwarded to " + place + " through " + target + ".",
        "Check that the server is up.",
        failure);
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
          "Set `AllowTcpForwarding yes` in the server's sshd_config and reload sshd; `remote` is not enough.",
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
