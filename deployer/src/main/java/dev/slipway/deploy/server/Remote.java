package dev.slipway.deploy.server;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.time.Duration;

/** Runs commands of which each must succeed, or says which did not. */
public record Remote(Shell shell) {

  /** As many as git needs to name a lock that somebody has left. */
  private static final int LINES = 8;

  /** Runs a command whatever comes of it. */
  public CommandResult run(ShellCommand command, Duration deadline) {
    return shell.run(command, deadline);
  }

  /** Whether a command succeeds. */
  public boolean tried(ShellCommand command, Duration deadline) {
    return run(command, deadline).succeeded();
  }

  /**
   * Runs a command that must succeed.
   *
   * @throws SlipwayException with its last lines when it does not
   */
  public CommandResult require(ShellCommand command, Duration deadline) {
    return require(
        command, deadline, "Run it by hand on the server; `slipway doctor` checks the rest.");
  }

  /** Runs a command that must succeed; {@code advice} says what to do when it does not. */
  public CommandResult require(ShellCommand command, Duration deadline, String advice) {
    CommandResult result = run(command, deadline);
    demand(result, command.toString(), advice);
    return result;
  }

  /** Takes nothing but success from a command that has ended. */
  public static void demand(CommandResult result, String command, String advice) {
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          command
              + " failed on the server with exit status "
              + result.exitStatus()
              + ": "
              + result.tail(LINES)
              + ".",
          advice);
    }
  }
}
