package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.platform.LockPatience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a migration beside the users of its database: a statement that waits too long for a lock is
 * ended and the migration tried again, long ones are told, and nothing of it goes on when it is
 * given up.
 */
final class LiveMigration {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Shell shell;
  private final DatabaseCommands commands;
  private final LockPatience patience;
  private final DeployLog log;
  private final Clock clock;
  private final Consumer<Duration> pause;

  LiveMigration(
      Shell shell,
      DatabaseCommands commands,
      LockPatience patience,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.shell = shell;
    this.commands = commands;
    this.patience = patience;
    this.log = log;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Runs the command in its container until it has ended otherwise than by a lock.
   *
   * @param run the name of that container
   * @param database the id of the database's container; empty: it is elsewhere, and nobody looks
   * @return what the last try left
   * @throws SlipwayException when the time is over, it was interrupted, or every try met a lock
   */
  CommandResult run(ShellCommand command, String run, Optional<String> database) {
    Instant end = clock.instant().plus(patience.deadline());
    for (int number = 1; ; number++) {
      MigrationWatch watch = new MigrationWatch(log);
      CommandResult result =
          tryOnce(command, run, database, Duration.between(clock.instant(), end), watch);
      Optional<String> waited = watch.waitedTooLong().filter(lock -> !result.succeeded());
      if (waited.isEmpty()) {
        return result;
      }
      String met =
          "A statement waited longer than "
              + patience.lockTimeout().toSeconds()
              + " s for "
              + waited.get();
      Duration rest = pauseAfter(number);
      if (number >= patience.tries() || !clock.instant().plus(rest).isBefore(end)) {
        throw DatabaseShell.failed(
            "The migration gave way to others " + number + " times, the last time: " + met + ".",
            "Deploy again when that session is gone, or give more migrations.lock-tries in slipway.yml.");
      }
      log.output(met);
      log.output(
          "It gave way; try "
              + (number + 1)
              + " of "
              + patience.tries()
              + " in "
              + rest.toSeconds()
              + " s.");
      pause.accept(rest);
    }
  }

  private static Duration pauseAfter(int number) {
    Duration rest = Duration.ofSeconds(1L << Math.min(number - 1, 10));
    return rest.compareTo(LONGEST_PAUSE) < 0 ? rest : LONGEST_PAUSE;
  }

  /** Compose leaves its container and PostgreSQL its session when their client is killed. */
  private CommandResult tryOnce(
      ShellCommand command,
      String run,
      Optional<String> database,
      Duration left,
      MigrationWatch watch) {
    abort(run, database);
    try {
      return shell.run(
          database
              .map(id -> commands.watched(command, run, id, patience.lockTimeout().toSeconds()))
              .orElse(command),
          left,
          watch);
    } catch (SlipwayException cutShort) {
      Undisturbed.run(() -> abort(run, database));
      throw cutShort;
    }
  }

  /** Ends a migration with its container and its sessions; nothing where there is none. */
  CommandResult abort(String run, Optional<String> database) {
    return shell.run(commands.abort(run, database.orElse("")), SHORT);
  }
}
