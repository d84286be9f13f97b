package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.plan.ContainerState;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.BackupSettings.Mode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Takes backups of a database, and proves them before anybody relies on them. */
final class Backups {

  private static final String ADVICE =
      "Nothing was migrated. Mend what it says and deploy again; docs/backup.md tells how a backup is taken.";

  private final DatabaseShell shell;
  private final DatabaseCommands commands;
  private final BackupFolder folder;
  private final BackupCheck check;
  private final BackupSettings settings;
  private final DeployLog log;
  private final Clock clock;
  private Optional<BackupProof> expected = Optional.empty();

  Backups(
      DatabaseShell shell,
      DatabaseCommands commands,
      BackupSettings settings,
      DeployLog log,
      Clock clock) {
    this.shell = shell;
    this.commands = commands;
    this.folder = new BackupFolder(shell, commands, log);
    this.check = new BackupCheck(shell, commands, settings);
    this.settings = settings;
    this.log = log;
    this.clock = clock;
  }

  /** Those that are there. */
  BackupFolder folder() {
    return folder;
  }

  /** The database that runs in a container. */
  LiveDatabase database(ContainerState container) {
    CommandResult said =
        shell.require(
            commands.describe(container.id()), "The database cannot be looked at", ADVICE);
    return LiveDatabase.parse(container.id(), container.imageId(), said.standardOutput());
  }

  /**
   * Takes a backup and proves it; then the oldest go.
   *
   * @param release the commit that serves
   * @param needed the backups that must stay
   * @return its name; empty when the database has no table yet
   * @throws SlipwayException when it cannot be taken or proved; nothing of it is left then
   */
  Optional<String> take(
      LiveDatabase database,
      String release,
      Optional<String> revision,
      Mode mode,
      NeededBackups needed) {
    return take(database, release, revision, List.of("proof " + mode.key()), mode, needed);
  }

  /** The same of a database that a restore is about to replace, which is noted with it. */
  Optional<String> takeBeforeRestore(
      LiveDatabase database,
      String release,
      Optional<String> revision,
      Mode mode,
      NeededBackups needed) {
    List<String> notes = List.of("proof " + mode.key(), DatabaseCommands.BEFORE_RESTORE);
    return take(database, release, revision, notes, mode, needed);
  }

  private Optional<String> take(
      LiveDatabase database,
      String release,
      Optional<String> revision,
      List<String> notes,
      Mode mode,
      NeededBackups needed) {
    if (database.tables() == 0) {
      log.output("The database has no table yet: there is nothing to back up.");
      return Optional.empty();
    }
    check.require(database, mode);
    shell.require(commands.prepare(), "The folder for backups cannot be made", ADVICE);
    Instant began = clock.instant();
    String name = BackupFile.name(began, release, revision);
    try {
      write(database, name, mode, notes);
    } catch (SlipwayException failure) {
      Undisturbed.run(() -> shell.run(commands.endDump(database.container())));
      Undisturbed.run(() -> shell.run(commands.remove(name)));
      throw failure;
    }
    log.output(
        "Backup "
            + name
            + (mode == Mode.RESTORE ? " restored and compared" : " read through")
            + " after "
            + Duration.between(began, clock.instant()).toSeconds()
            + " s.");
    folder.expire(settings.keep(), name, needed);
    return Optional.of(name);
  }

  /** Starts what the next backup is proved in, so that it need not wait for that. */
  void expect(Supplier<LiveDatabase> database) {
    expected = Optional.of(new BackupProof(shell, commands, database));
  }

  /** Ends what was started for a backup that has not been taken. */
  void expectNone() {
    expected.ifPresent(BackupProof::close);
    expected = Optional.empty();
  }

  /** Ends what a dead run has left of a backup that it took of a container's database. */
  void endWhatADeadRunLeft(Optional<String> container) {
    container.ifPresent(id -> shell.run(commands.endDump(id)));
    shell.run(commands.removeProofs());
    shell.run(commands.removeParts());
  }

  private void write(LiveDatabase database, String name, Mode mode, List<String> notes) {
    Set<String> facts = mode == Mode.RESTORE ? restored(database, name) : read(database, name);
    List<String> lines = new ArrayList<>(facts);
    lines.addAll(notes);
    shell.require(
        commands.note(name, String.join("\n", lines) + "\n"),
        "The facts of the backup cannot be written",
        ADVICE);
    shell.require(commands.finish(name), "The backup cannot be given its name", ADVICE);
  }

  private Set<String> restored(LiveDatabase database, String name) {
    try (BackupProof proof =
        expected.orElseGet(() -> new BackupProof(shell, commands, () -> database))) {
      expected = Optional.empty();
      Set<String> facts = copy(database, name);
      proof.prove(database, part(name), facts);
      return facts;
    }
  }

  private Set<String> read(LiveDatabase database, String name) {
    Set<String> facts = copy(database, name);
    shell.requireLong(
        commands.readThrough(database.container(), part(name)),
        "Reading the backup",
        "The backup cannot be read to its end",
        ADVICE);
    return facts;
  }

  /** What the copied snapshot holds. */
  private Set<String> copy(LiveDatabase database, String name) {
    CommandResult dump =
        shell.requireLong(
            commands.dump(database.container(), name),
            "Copying the database",
            "The database cannot be dumped",
            ADVICE);
    if (dump.standardError().lines().noneMatch(DatabaseCommands.COMPLETE::equals)) {
      throw DatabaseShell.failed(
          "pg_dump failed: " + new CommandResult(1, "", notes(dump)).tail(3) + ".", ADVICE);
    }
    shell.requireLong(
        commands.checksum(name), "Reading", "The backup's checksum cannot be written", ADVICE);
    return DatabaseShell.facts(dump.standardError());
  }

  private String part(String name) {
    return commands.path(name) + ".part";
  }

  private static String notes(CommandResult dump) {
    return String.join(
        "\n",
        dump.standardError()
            .lines()
            .filter(line -> !line.startsWith(DatabaseCommands.FACT))
            .toList());
  }
}
