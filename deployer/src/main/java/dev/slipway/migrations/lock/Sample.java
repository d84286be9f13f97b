package dev.slipway.migrations.lock;

import java.util.Map;

/**
 * One measurement of a lock.
 *
 * @param rows how many rows the tables had
 * @param millis how long it was held
 * @param felt how long a canary really waited for it
 * @param worked how many rows were read or written meanwhile, by table
 */
public record Sample(Map<String, Long> rows, double millis, double felt, Map<String, Long> worked) {

  /** Copies. */
  public Sample {
    rows = Map.copyOf(rows);
    worked = Map.copyOf(worked);
  }

  long work() {
    return worked.values().stream().mapToLong(Long::longValue).sum();
  }
}
