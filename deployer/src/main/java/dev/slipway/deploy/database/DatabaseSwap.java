package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.deploy.server.Undisturbed;
import java.util.List;
import java.util.Set;

/** Fills a database beside the platform's own, and lets the two change places. */
public final class DatabaseSwap {

  private static final int TRIES = 3;
  private static final String SESSION = "slipway exchanges";
  private static final String ADVICE =
      "The database is as it was. docs/backup.md tells how to restore by hand.";

  private final DatabaseShell shell;
  private final DatabaseCommands commands;

  /** A swap on the server that the shell leads to. */
  public DatabaseSwap(DatabaseShell shell, DatabaseCommands commands) {
    this.shell = shell;
    this.commands = commands;
  }

  /** The names of all databases that are there. */
  public List<String> names(LiveDatabase live) {
    return shell
        .require(
            commands.names(live.container()),
            "The names of the databases cannot be read",
            "Look at the database's log.")
        .standardOutput()
        .lines()
        .toList();
  }

  /**
   * Fills a new database from a backup and compares it with the facts noted when that was taken.
   *
   * @throws SlipwayException when it cannot be filled or differs; it is dropped then
   */
  public void fill(LiveDatabase live, String backup, Set<String> facts, String name) {
    shell.require(
        commands.createBeside(live.container(), live.name(), name),
        "A database beside " + live.name() + " cannot be made",
        ADVICE);
    try {
      shell.requireLong(
          commands.restoreInto(live.container(), commands.path(backup), name),
          "Restoring",
          "The backup cannot be restored",
          ADVICE);
      CommandResult found =
          shell.requireLong(
              commands.factsOf(live.container(), name),
              "Counting",
              "The restored database cannot be read",
              ADVICE);
      BackupProof.compare(facts, DatabaseShell.facts(found.standardOutput()));
    } catch (RuntimeException failure) {
      Undisturbed.run(() -> shell.run(commands.drop(live.container(), name)));
      throw failure;
    }
  }

  /**
   * Gives a database's place to another, in one transaction; its sessions are ended.
   *
   * @param coming the database that takes the place
   * @param going the name under which the one that had it is kept
   */
  public void exchange(LiveDatabase live, String coming, String going) {
    CommandResult result = exchanged(live, coming, going);
    for (int number = 1; number < TRIES && !result.succeeded(); number++) {
      result = exchanged(live, coming, going);
    }
    if (!result.succeeded()) {
      throw DatabaseShell.failed(
          "The databases could not change places: " + result.tail(2) + ".",
          "Something else than the backend stays connected to it: stop that, then restore again.");
    }
  }

  /**
   * Whether the databases have changed places, for one who has not heard how that ended; it does
   * not go on.
   */
  public boolean hasExchanged(LiveDatabase live, String coming) {
    shell.run(commands.release(live.container(), SESSION));
    return shell
        .require(
            commands.has(live.container(), coming),
            "The names of the databases cannot be read",
            "Look at the database's log.")
        .standardOutput()
        .isBlank();
  }

  /** Gives a database another name, in the place of the database that has that, if there is one. */
  public void rename(LiveDatabase live, String database, String name) {
    shell.requireLong(
        commands.rename(live.container(), database, name),
        "Dropping",
        database + " cannot be called " + name,
        "Look at the database's log.");
  }

  private CommandResult exchanged(LiveDatabase live, String coming, String going) {
    return shell.run(commands.exchange(live.container(), SESSION, live.name(), coming, going));
  }
}
