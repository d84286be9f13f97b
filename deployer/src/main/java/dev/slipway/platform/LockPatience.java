package dev.slipway.platform;

import java.time.Duration;

/**
 * How a migration behaves where it meets the users of a live database.
 *
 * @param lockTimeout how long a statement may wait for a lock, since others wait behind it
 * @param tries how often the migration is begun before it counts as failed
 * @param deadline how long all tries may take together
 */
public record LockPatience(Duration lockTimeout, int tries, Duration deadline) {

  /** The conventions. */
  public static final LockPatience DEFAULT =
      new LockPatience(Duration.ofSeconds(1), 12, Duration.ofMinutes(30));

  /** Validates. */
  public LockPatience {
    if (lockTimeout.isZero() || lockTimeout.isNegative() || deadline.compareTo(lockTimeout) < 0) {
      throw new IllegalArgumentException("a lock's time-out is longer than nothing and in time");
    }
    if (tries < 1) {
      throw new IllegalArgumentException("a migration is tried at least once");
    }
  }
}
