package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.deploy.log.DeployLog;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The backups that are on the server. */
public final class BackupFolder {

  private final DatabaseShell shell;
  private final DatabaseCommands commands;
  private final DeployLog log;

  BackupFolder(DatabaseShell shell, DatabaseCommands commands, DeployLog log) {
    this.shell = shell;
    this.commands = commands;
    this.log = log;
  }

  /** Removes all but the newest, those that are needed, and the one that was just taken. */
  void expire(int keep, String newest, NeededBackups needed) {
    List<BackupFile> all = own(list(false));
    Set<String> staying = needed.among(all);
    List<String> old =
        all.stream()
            .map(BackupFile::name)
            .limit(Math.max(0, all.size() - keep))
            .filter(name -> !staying.contains(name) && !name.equals(newest))
            .toList();
    for (String name : old) {
      shell.run(commands.remove(name));
      log.output("Removed the backup " + name + ": backup.keep is " + keep + ".");
    }
  }

  /**
   * Every backup, the oldest first.
   *
   * @param check whether each is read and compared with its checksum
   */
  public List<BackupFile> list(boolean check) {
    CommandResult listed =
        shell.requireLong(
            commands.list(check),
            "Reading",
            "The backups cannot be listed",
            "Look at " + commands.folder() + " on the server.");
    return listed
        .standardOutput()
        .lines()
        .filter(line -> line.contains("\t"))
        .map(BackupFile::parse)
        .sorted(BackupFile.BY_TIME)
        .toList();
  }

  /** The newest backup that holds a schema revision. */
  public Optional<BackupFile> newestOf(String revision) {
    return newest(list(false).stream().filter(file -> file.holds(revision)));
  }

  private static Optional<BackupFile> newest(Stream<BackupFile> files) {
    return files.reduce((older, newer) -> newer);
  }

  /** Without files that somebody else has put there. */
  private static List<BackupFile> own(List<BackupFile> all) {
    return all.stream().filter(file -> file.taken().isPresent()).toList();
  }

  /**
   * A backup that may be restored.
   *
   * @param wanted its name, or {@code latest}, which is none that a restore has taken: the same
   *     command again is to mean the same backup
   * @throws SlipwayException when it is not there, or is not what was written
   */
  public BackupFile choose(String wanted) {
    List<BackupFile> all = list(true);
    BackupFile file = wanted.equals("latest") ? latest(all) : named(wanted, all);
    if (file.checksum() != BackupFile.Checksum.GOOD) {
      throw SlipwayException.refused(
          "The backup "
              + file.name()
              + (file.checksum() == BackupFile.Checksum.BAD
                  ? " is not what was written: its checksum differs."
                  : " has no checksum."),
          "Choose another one: `slipway backups` lists them.");
    }
    return file;
  }

  private static BackupFile latest(List<BackupFile> all) {
    return newest(own(all).stream().filter(file -> !file.beforeRestore()))
        .orElseThrow(
            () ->
                all.isEmpty()
                    ? SlipwayException.refused(
                        "There is no backup on the server yet.",
                        "One is taken before each migration.")
                    : SlipwayException.refused(
                        "There is no backup on the server that was taken before a migration.",
                        "Choose one of the others by its name: `slipway backups` lists them."));
  }

  private static BackupFile named(String wanted, List<BackupFile> all) {
    return all.stream()
        .filter(file -> file.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                SlipwayException.refused(
                    "There is no backup " + wanted + " on the server.",
                    "`slipway backups` lists those that are there."));
  }

  /** What a backup holds, as it was noted when it was taken. */
  public Set<String> facts(String backup) {
    return DatabaseShell.facts(
        shell
            .require(
                commands.facts(backup),
                "What the backup holds cannot be read",
                "Look at its rights.")
            .standardOutput());
  }
}
