package dev.slipway.migrations.lock;

/** Who waits for a lock that is held; each includes those after it. */
public enum Blocked {
  /** Everybody who reads the table, and everybody who writes. */
  READS("AccessExclusiveLock", "reads and writes of %s wait"),
  /** Everybody who writes into the table. */
  WRITES("ShareLock|ShareRowExclusiveLock|ExclusiveLock|AccessExclusiveLock", "writes to %s wait"),
  /** Whoever writes one of the rows that the migration itself has written. */
  ROWS("", "updates of the same rows of %s wait");

  private final String modes;
  private final String words;

  Blocked(String modes, String words) {
    this.modes = modes;
    this.words = words;
  }

  /** Whether a lock of one of these modes does it. */
  boolean isBy(Iterable<String> held) {
    for (String mode : held) {
      if (mode.matches(modes)) {
        return true;
      }
    }
    return false;
  }

  /** A main clause without its end, such as {@code writes to orders wait}. */
  String of(String table) {
    return words.formatted(table);
  }
}
