package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.deploy.server.Undisturbed;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Shows that a backup can be restored, in a PostgreSQL that starts while something else is done and
 * is thrown away afterwards.
 */
final class BackupProof implements AutoCloseable {

  private static final int SHOWN = 5;
  private static final String ADVICE =
      "Nothing was migrated. Deploy again; if it fails again, restore the file by hand to see more"
          + " (docs/backup.md), or choose another backup.mode in slipway.yml.";

  private final DatabaseShell shell;
  private final DatabaseCommands commands;
  private final Inquiry starting = new Inquiry();
  private final Supplier<String> started;

  /** Starts a PostgreSQL to restore a copy of this database in, and does not wait for it. */
  BackupProof(DatabaseShell shell, DatabaseCommands commands, Supplier<LiveDatabase> database) {
    this.shell = shell;
    this.commands = commands;
    this.started = starting.ask(() -> start(database.get()));
  }

  private String start(LiveDatabase database) {
    shell.run(commands.removeProofs());
    return shell
        .require(
            commands.startProof(database.image(), database.user(), database.libraries()),
            "The container to prove the backup in did not start",
            ADVICE)
        .standardOutput()
        .strip();
  }

  /**
   * Restores a file and compares what it brings back.
   *
   * @param database what was copied
   * @param expected the facts of the snapshot that was dumped
   * @throws SlipwayException when it cannot be restored, or anything is missing or too much
   */
  void prove(LiveDatabase database, String file, Set<String> expected) {
    String container = started.get();
    shell.requireLong(
        commands.awaitProof(container),
        "Starting",
        "PostgreSQL to prove the backup in ended",
        ADVICE);
    String roles =
        shell
            .require(commands.roles(database.container()), "The roles could not be read", ADVICE)
            .standardOutput();
    shell.require(
        commands.prepareProof(container, database.name(), roles),
        "The roles could not be made",
        ADVICE);
    shell.requireLong(
        commands.restoreAsNamed(container, file),
        "Restoring a copy",
        "The backup cannot be restored",
        ADVICE);
    CommandResult facts =
        shell.requireLong(
            commands.factsOf(container, database.name()),
            "Counting",
            "The restored copy cannot be read",
            ADVICE);
    compare(expected, DatabaseShell.facts(facts.standardOutput()));
  }

  @Override
  public void close() {
    starting.close();
    Undisturbed.run(() -> shell.run(commands.removeProofs()));
  }

  /** Compares two sets of facts and says what only one of them has. */
  static void compare(Set<String> expected, Set<String> found) {
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(found);
    Set<String> extra = new TreeSet<>(found);
    extra.removeAll(expected);
    if (missing.isEmpty() && extra.isEmpty()) {
      return;
    }
    List<String> differences =
        Stream.concat(
                missing.stream().map(fact -> "the database has `" + named(fact) + "`"),
                extra.stream().map(fact -> "the copy has `" + named(fact) + "`"))
            .toList();
    String more =
        differences.size() > SHOWN ? ", and " + (differences.size() - SHOWN) + " more" : "";
    throw DatabaseShell.failed(
        "The backup does not bring back what the database has: "
            + String.join("; ", differences.stream().limit(SHOWN).toList())
            + more
            + ".",
        ADVICE);
  }

  private static String named(String fact) {
    return fact.substring(DatabaseCommands.FACT.length());
  }
}
