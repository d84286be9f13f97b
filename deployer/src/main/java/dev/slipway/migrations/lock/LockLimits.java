package dev.slipway.migrations.lock;

import dev.slipway.SlipwayException;
import dev.slipway.platform.Migrations;
import dev.slipway.platform.yaml.NearestName;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long a lock may be held, as {@code slipway.yml} says.
 *
 * @param sizes how many rows the tables have in production for which that counts
 * @param longest how long
 */
public record LockLimits(Map<String, Long> sizes, Duration longest) {

  /** Copies. */
  public LockLimits {
    sizes = Map.copyOf(sizes);
  }

  /** Those of a platform, for tables that there are. */
  public static LockLimits of(Migrations settings, LockMeasurement seen) {
    Map<String, Long> sizes = new TreeMap<>();
    settings
        .sizes()
        .forEach((table, rows) -> sizes.put(table.replaceFirst("^public\\.", ""), rows));
    for (String unknown : seen.unknown(sizes.keySet())) {
      throw SlipwayException.refused(
          "`migrations.sizes` in slipway.yml says how many rows the table '"
              + unknown
              + "' has, and no revision makes it; "
              + NearestName.hint(unknown, seen.tables())
              + ".",
          "Write the table's name as SQL does, with its schema where that is not public.");
    }
    return new LockLimits(sizes, settings.longestBlock());
  }

  boolean isExceededBy(double millis) {
    return millis > (double) longest.toMillis();
  }
}
