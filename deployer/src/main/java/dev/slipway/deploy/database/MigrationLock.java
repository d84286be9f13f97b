package dev.slipway.deploy.database;

import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * The advisory lock that keeps other migrators of the same database away, held by a session of its
 * own in the database's container until it is given back.
 */
final class MigrationLock {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofHours(6);
  private static final int LONGEST_NAME = 63;

  private final DatabaseShell shell;
  private final DatabaseCommands commands;
  private final Clock clock;
  private final Consumer<Duration> pause;

  /** In ASCII: PostgreSQL shows a session's name without any other letter. */
  private final String name;

  private boolean held;

  MigrationLock(
      DatabaseShell shell, DatabaseCommands commands, Clock clock, Consumer<Duration> pause) {
    this.shell = shell;
    this.commands = commands;
    this.clock = clock;
    this.pause = pause;
    String whole = ("slipway migrates from " + commands.checkout()).replaceAll("[^ -~]", "_");
    this.name = whole.substring(0, Math.min(LONGEST_NAME, whole.length()));
  }

  /**
   * Takes the lock, or sees that it is still held; a session of the same name that this run has not
   * made is what an earlier one left, since only one at a time has the deploy lock.
   *
   * @throws dev.slipway.SlipwayException when somebody else holds it for half a minute, with who
   */
  void take(String container) {
    Instant end = clock.instant().plus(PATIENCE);
    if (!held) {
      giveBack(container);
    }
    while (true) {
      String holder = holder(container);
      if (holder.startsWith(name + "\t")) {
        held = true;
        return;
      }
      if (!clock.instant().isBefore(end)) {
        throw DatabaseShell.failed(
            holder.isEmpty()
                ? "The lock of migrations could not be taken in the database."
                : "Somebody else migrates this database: "
                    + holder.substring(holder.indexOf('\t') + 1)
                    + " holds the advisory lock "
                    + DatabaseCommands.MIGRATION_LOCK
                    + ".",
            "Wait until that session has ended, or end it with pg_terminate_backend, and deploy again.");
      }
      if (holder.isEmpty()) {
        shell.require(
            commands.hold(container, name, LONGEST.toSeconds()),
            "The lock of migrations cannot be asked for",
            "Look at the database's container: `docker exec` must work there.");
      }
      pause.accept(PAUSE);
    }
  }

  /** Gives the lock back; nothing happens when it is not held. */
  void giveBack(String container) {
    held = false;
    shell.run(commands.release(container, name));
  }

  private String holder(String container) {
    CommandResult said =
        shell.require(
            commands.holder(container),
            "The lock of migrations cannot be looked at",
            "Look at the database's log.");
    return said.standardOutput().strip();
  }
}
