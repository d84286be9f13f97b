package dev.slipway.migrations.lock;

import java.util.Map;

/**
 * The time for which a migration kept others from a table.
 *
 * @param table which, by the name that it had before the revision
 * @param blocked whom
 * @param statement the number of the statement that began it, from 1
 * @param from when that was, in milliseconds since the revision began
 * @param until when the lock was let go
 * @param rewritten whether the table was written anew meanwhile
 * @param worked how many rows were read or written meanwhile, by table
 */
public record Hold(
    String table,
    Blocked blocked,
    int statement,
    double from,
    double until,
    boolean rewritten,
    Map<String, Long> worked) {

  /** Copies. */
  public Hold {
    worked = Map.copyOf(worked);
  }

  /** Whether it keeps the same people from the same table. */
  boolean isLike(Hold other) {
    return table.equals(other.table) && blocked == other.blocked;
  }

  double millis() {
    return until - from;
  }
}
