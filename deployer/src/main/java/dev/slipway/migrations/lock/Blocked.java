package dev.slipway.migrations.lock;

/** Who waits for a lock that is held; each includes those after it. */
public enum Blocked {
  /** Everybody who reads the table, and everybody who writes. */
  READS("AccessExclusiveLock", "reads and writes of %s wait", "reads of %s"),
  /** Everybody who writes into the table. */
  WRITES(
      "ShareLock|ShareRowExclusiveLock|ExclusiveLock|AccessExclusiveLock",
      "writes to %s wait",
      "writes to %s"),
  /** Whoever writes one of the rows that the migration itself has written. */
  ROWS("", "updates of the same rows of %s wait", "updates of rows of %s");

  private final String modes;
  private final String words;
  private final String what;

  Blocked(String modes, String words, String what) {
    this.modes = modes;
    this.words = words;
    this.what = what;
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

  /** What is blocked, such as {@code writes to orders}. */
  public String what(String table) {
    return what.formatted(table);
  }
}
