package dev.slipway.deploy.database;

import dev.slipway.platform.BackupSettings.Mode;
import java.util.List;

/**
 * The free space that a backup and its proof have.
 *
 * @param folder the file system of the backups
 * @param folderBytes what is free there
 * @param engine the file system of the engine's volumes
 * @param engineBytes what is free there
 */
record BackupRoom(String folder, long folderBytes, String engine, long engineBytes) {

  /** What stays free for everybody else, in bytes. */
  static final long HEAD_ROOM = 256L * 1024 * 1024;

  /** What an empty PostgreSQL takes, with the log of what is restored into it, in bytes. */
  private static final long EMPTY_CLUSTER = 256L * 1024 * 1024;

  /** Reads two lines of {@code df -Pk}. */
  static BackupRoom parse(String printed) {
    List<String[]> rows = printed.lines().map(line -> line.strip().split("\\s+", -1)).toList();
    if (rows.size() < 2
        || rows.stream().anyMatch(row -> row.length < 4 || !row[3].matches("\\d+"))) {
      throw DatabaseShell.failed(
          "The free space is not known: " + printed.strip() + ".", "Run `df -Pk` by hand.");
    }
    String[] first = rows.get(0);
    String[] second = rows.get(1);
    return new BackupRoom(
        first[0], Long.parseLong(first[3]) * 1024, second[0], Long.parseLong(second[3]) * 1024);
  }

  /** Fails when a database of this size has no room for its backup, or that for its proof. */
  void requireFor(long bytes, Mode mode, String path) {
    long copy = bytes + HEAD_ROOM;
    long proof = mode == Mode.RESTORE ? bytes + bytes / 2 + EMPTY_CLUSTER : 0;
    boolean together = folder.equals(engine);
    require(folderBytes, together ? copy + proof : copy, "for the backup in " + path, bytes);
    if (proof > 0 && !together) {
      require(engineBytes, proof + HEAD_ROOM, "for a copy among the engine's volumes", bytes);
    }
  }

  private static void require(long free, long needed, String what, long bytes) {
    if (free < needed) {
      throw DatabaseShell.failed(
          "There is no room "
              + what
              + ": "
              + DatabaseShell.size(free)
              + " are free, "
              + DatabaseShell.size(needed)
              + " are needed for a database of "
              + DatabaseShell.size(bytes)
              + ".",
          "Make room on the server: `slipway backups` lists what is kept, `docker image prune` removes images that"
              + " nothing uses; or choose another backup.mode in slipway.yml.");
    }
  }
}
