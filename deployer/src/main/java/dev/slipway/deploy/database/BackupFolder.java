package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.deploy.log.DeployLog;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
  void expire(int keep, String newest, Set<String> needed) {
    List<BackupFile> all = own(list(false));
    List<String> old =
        all.stream()
            .map(BackupFile::name)
            .limit(Math.max(0, all.size() - keep))
            .filter(name -> !needed.contains(name) && !name.equals(newest))
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
    return list(false).stream()
        .filter(file -> file.holds(revision))
        .reduce((older, newer) -> newer);
  }

  /** Without files that somebody else has put there. */
  private static List<BackupFile> own(List<BackupFile> all) {
    return all.stream().filter(file -> file.taken().isPresent()).toList();
  }

  /**
   * A backup that may be restored.
   *
   * @param wanted its name, or {@code latest}
   * @throws SlipwayException when it is not there, or is not what was written
   */
  public BackupFile choose(String wanted) {
    List<BackupFile> all = list(true);
    Optional<BackupFile> found =
        wanted.equals("latest")
            ? own(all).stream().reduce((older, newer) -> newer)
            : all.stream().filter(file -> file.name().equals(wanted)).findFirst();
    BackupFile file =
        found.orElseThrow(
            () ->
                SlipwayException.refused(
                    "There is no backup " + wanted + " on the server.",
                    "`slipway backups` lists those that are there."));
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
