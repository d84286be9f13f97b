package dev.slipway.migrations.lock;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long a lock is held, as a function of how many rows there are. Only what PostgreSQL counts as
 * rows read or written can make it longer, so that a busy machine does not look like a large table.
 *
 * @param fixed milliseconds that it takes whatever there is
 * @param each milliseconds for each row that is read or written
 * @param passes how often that happens to each row of a table; nothing of tables whose size makes
 *     no difference
 */
public record Cost(double fixed, double each, Map<String, Double> passes) {

  /** By how much more work must be done where there are more rows, to be work on each of them. */
  private static final double LEAST_SHARE = 0.25;

  /** Copies. */
  public Cost {
    passes = Map.copyOf(passes);
  }

  /** Fits measurements, the one with the fewest rows first. */
  static Cost of(List<Sample> samples) {
    Sample few = samples.get(0);
    Sample many = samples.get(samples.size() - 1);
    Map<String, Double> passes = new TreeMap<>();
    many.worked()
        .forEach(
            (table, worked) -> {
              long rows = many.rows().getOrDefault(table, 0L) - few.rows().getOrDefault(table, 0L);
              long more = worked - few.worked().getOrDefault(table, 0L);
              if (rows > 0 && more >= rows * LEAST_SHARE) {
                passes.put(table, (double) more / rows);
              }
            });
    double middle =
        samples.stream()
            .map(Sample::millis)
            .sorted(Comparator.naturalOrder())
            .skip((samples.size() - 1) / 2)
            .findFirst()
            .orElse(0.0);
    return passes.isEmpty() ? new Cost(middle, 0, passes) : line(samples, passes);
  }

  /** The straight line that misses the measurements least. */
  private static Cost line(List<Sample> samples, Map<String, Double> passes) {
    double work = samples.stream().mapToLong(Sample::work).average().orElse(0);
    double millis = samples.stream().mapToDouble(Sample::millis).average().orElse(0);
    double both = 0;
    double square = 0;
    for (Sample sample : samples) {
      both += (sample.work() - work) * (sample.millis() - millis);
      square += (sample.work() - work) * (sample.work() - work);
    }
    double each = Math.max(0, both / square);
    return new Cost(Math.max(0, millis - each * work), each, passes);
  }

  /** Whether it takes longer where there are more rows. */
  boolean grows() {
    return each > 0;
  }

  /** Milliseconds for tables of these sizes; a table that is not named has no row. */
  double at(Map<String, Long> sizes) {
    double rows = 0;
    for (Map.Entry<String, Double> table : passes.entrySet()) {
      rows += table.getValue() * sizes.getOrDefault(table.getKey(), 0L);
    }
    return fixed + each * rows;
  }

  /** Milliseconds for each row, were all tables of the same size. */
  double perRow() {
    return each * passes.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
