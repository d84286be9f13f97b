package dev.slipway.command;

import java.time.Duration;
import java.util.function.Consumer;

/** Somewhere commands run: this machine or the server. */
public interface Shell {

  /**
   * Runs a command to its end; both outputs are drained while it runs.
   *
   * @param command what to run
   * @param deadline how long it may take; then it is killed with its children
   * @param lines told of each line of output as it comes
   * @return the result, whatever the exit status
   * @throws dev.slipway.SlipwayException when it could not be run, ran out of time or was
   *     interrupted
   */
  CommandResult run(ShellCommand command, Duration deadline, Consumer<String> lines);

  /** Runs a command without watching its output. */
  default CommandResult run(ShellCommand command, Duration deadline) {
    return run(command, deadline, line -> {});
  }
}
