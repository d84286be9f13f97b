package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.BackupSettings.Mode;

/** Whether a backup can be taken as slipway.yml wants it, asked before anything is written. */
public final class BackupCheck {

  private final DatabaseShell shell;
  private final DatabaseCommands commands;
  private final BackupSettings settings;

  /** A check of the server that the shell leads to. */
  public BackupCheck(DatabaseShell shell, DatabaseCommands commands, BackupSettings settings) {
    this.shell = shell;
    this.commands = commands;
    this.settings = settings;
  }

  /**
   * Passes a database of which a backup can be taken.
   *
   * @throws SlipwayException when it is larger than {@code backup.limit}, or has no room
   */
  public void require(LiveDatabase database, Mode mode) {
    if (mode == Mode.RESTORE && database.bytes() > settings.limitBytes()) {
      throw DatabaseShell.failed(
          "The database has "
              + DatabaseShell.size(database.bytes())
              + ", more than backup.limit ("
              + DatabaseShell.size(settings.limitBytes())
              + "): to restore a copy of it before each migration takes long.",
          "Choose in slipway.yml: a larger backup.limit; backup.mode: read, which reads the backup through and does not"
              + " restore it; or backup.mode: none, with backups of your own.");
    }
    CommandResult room =
        shell.require(commands.room(), "The free space cannot be read", "Run `df -Pk` by hand.");
    BackupRoom.parse(room.standardOutput()).requireFor(database.bytes(), mode, commands.folder());
  }
}
