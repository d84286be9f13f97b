package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.slipway.ExitCode;
import dev.slipway.RootCause;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs commands over an open session, and ends them on the server when nobody waits any more. */
final class RemoteShell implements Shell {

  private static final Logger logger = LoggerFactory.getLogger(RemoteShell.class);
  private static final Duration CHANNEL_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private static final String STOPPED = "It was stopped on the server.";
  private static final String NOT_STOPPED =
      "It could not be stopped on the server and may still run there.";

  /**
   * Ends a process group: politely, after three seconds by force; fails while it lives. sudo hands
   * the polite request on; what is left of root's when sudo was ended by force is ended by sudo
   * where the account may do that.
   */
  private static final String KILL_SCRIPT =
      """
      mine() { kill -s 0 -- "-$1" 2>/dev/null; }
      theirs() { case $(LC_ALL=C kill -s 0 -- "-$1" 2>&1) in *ermitted*) ;; *) false ;; esac; }
      alive() { mine "$1" || theirs "$1"; }
      await() {
        rounds=$3
        while "$1" "$2" && [ "$rounds" -gt 0 ]; do
          sleep 0.1 2>/dev/null || sleep 1
          rounds=$((rounds - 1))
        done
      }
      by_sudo() { sudo -n sh -c 'kill -s "$2" -- "-$1"' sh "$1" "$2" 2>/dev/null; }
      end() {
        kill -s "$2" -- "-$1" 2>/dev/null
        await mine "$1" "$3"
        theirs "$1" && by_sudo "$1" "$2" && await theirs "$1" "$3"
        ! alive "$1"
      }
      end "$1" TERM 30 || end "$1" KILL 20
      """;

  private final Session session;
  private final SshTarget target;
  private final ExecutorService threads;
  private final OpenSessions sessions = new OpenSessions();

  RemoteShell(Session session, SshTarget target, ExecutorService threads) {
    this.session = session;
    this.target = target;
    this.threads = threads;
  }

  @Override
  public CommandResult run(ShellCommand command, Duration deadline, Consumer<String> lines) {
    long began = System.nanoTime();
    long end = began + deadline.toNanos();
    // JSch swallows interrupts while it opens a channel, so that happens in another thread.
    Future<RemoteCommand> starting = submit(command, lines);
    try {
      RemoteCommand remote = starting.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      remote.awaitEnd(Duration.ofNanos(end - System.nanoTime()));
      logger.debug("{} ms: {}", (System.nanoTime() - began) / 1_000_000, command);
      return remote.result().orElseThrow(() -> noExitStatus(command));
    } catch (ExecutionException failure) {
      throw notStarted(command, failure);
    } catch (TimeoutException late) {
      String did = "did not end within " + deadline.toSeconds() + " s";
      throw abandoned(command, did, stop(starting), late);
    } catch (InterruptedException interrupt) {
      String fate = stop(starting);
      Thread.currentThread().interrupt();
      throw abandoned(command, "was interrupted", fate, interrupt);
    }
  }

  private Future<RemoteCommand> submit(ShellCommand command, Consumer<String> lines) {
    Callable<RemoteCommand> start = () -> start(command, lines);
    return threads.submit(start);
  }

  private RemoteCommand start(ShellCommand command, Consumer<String> lines)
      throws JSchException, InterruptedException {
    while (true) {
      long ended = sessions.ended();
      sessions.begun();
      try {
        RemoteCommand remote = RemoteCommand.start(session, command, CHANNEL_TIMEOUT, lines);
        remote.whenEnded(sessions::over);
        return remote;
      } catch (JSchException failure) {
        sessions.notBegun();
        if (!(failure instanceof RemoteCommand.Refused)
            || !sessions.awaitMoreThan(ended, CHANNEL_TIMEOUT)) {
          throw failure;
        }
      }
    }
  }

  private String stop(Future<RemoteCommand> starting) {
    Future<Boolean> stopping = threads.submit(() -> killed(starting));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return stopping.get() ? STOPPED : NOT_STOPPED;
        } catch (InterruptedException again) {
          interrupted = true;
        } catch (ExecutionException failure) {
          logger.warn("a command on {} could not be stopped", target, failure);
          return NOT_STOPPED;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean killed(Future<RemoteCommand> starting)
      throws InterruptedException, ExecutionException, TimeoutException, JSchException {
    RemoteCommand remote = starting.get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    try {
      long group = remote.processGroup(STOP_PATIENCE).orElseThrow(TimeoutException::new);
      ShellCommand kill = ShellCommand.of("sh", "-c", KILL_SCRIPT, "sh", Long.toString(group));
      RemoteCommand killer = start(kill, line -> {});
      try {
        killer.awaitEnd(STOP_PATIENCE);
        return killer.result().filter(CommandResult::succeeded).isPresent();
      } finally {
        killer.close();
      }
    } finally {
      remote.close();
    }
  }

  private SlipwayException notStarted(ShellCommand command, ExecutionException failure) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "\""
            + command
            + "\" could not be started on "
            + target
            + ": "
            + RootCause.said(failure)
            + ".",
        "Check that the server is up; slipway status tells what it runs.",
        failure);
  }

  private SlipwayException noExitStatus(ShellCommand command) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "The connection to "
            + target
            + " was lost before \""
            + command
            + "\" told its exit status.",
        "It may have run to its end or not: see slipway status before running anything again.");
  }

  private SlipwayException abandoned(
      ShellCommand command, String did, String fate, Throwable cause) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "\"" + command + "\" on " + target + " " + did + ". " + fate,
        "See slipway status for what the server runs before running anything again.",
        cause);
  }
}
