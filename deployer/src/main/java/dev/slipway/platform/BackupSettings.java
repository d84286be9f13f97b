package dev.slipway.platform;

import java.util.Locale;

/**
 * How the database is backed up before its schema is moved.
 *
 * @param mode what is done with the dump before the migration may start
 * @param keep how many backups stay on the server
 * @param limitBytes the database's size above which {@link Mode#RESTORE} is refused
 */
public record BackupSettings(Mode mode, int keep, long limitBytes) {

  /** The conventions. */
  public static final BackupSettings DEFAULT =
      new BackupSettings(Mode.RESTORE, 5, 5L * 1024 * 1024 * 1024);

  /** Validates. */
  public BackupSettings {
    if (keep < 1) {
      throw new IllegalArgumentException("at least one backup must be kept");
    }
    if (limitBytes < 1) {
      throw new IllegalArgumentException("the backup limit must be more than nothing");
    }
  }

  /** What is done with the dump before the migration may start. */
  public enum Mode {
    /** It is restored into a throwaway container and compared with the database. */
    RESTORE,
    /** It is read through to its end, and not restored. */
    READ,
    /** There is no backup. */
    NONE;

    /** As {@code slipway.yml} has it. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
