package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is said of a lock.
 *
 * @param revision whose it is
 * @param limits how long it may be held
 */
record LockWords(Revision revision, LockLimits limits) {

  private static final double SECOND = 1_000;
  private static final double MINUTE = 60_000;

  /** Of one that is held too long. */
  MigrationFinding tooLong(Block block) {
    long rows = limits.sizes().getOrDefault(block.table(), 0L);
    return finding(
        block,
        "about "
            + time(block.cost().at(limits.sizes()))
            + (block.cost().grows() ? " with " + count(rows) + " rows" : "")
            + ", and "
            + time((double) limits.longest().toMillis())
            + " is allowed",
        "");
  }

  /** Of one that is held the longer the more rows there are. */
  MigrationFinding grows(Block block) {
    double rows = (double) limits.longest().toMillis() / block.cost().perRow();
    return finding(
        block,
        "the longer the more rows it has, for "
            + time((double) limits.longest().toMillis())
            + " from about "
            + count(roughly(rows))
            + " rows on",
        " Say in slipway.yml how many it has (`migrations.sizes`), and this is judged.");
  }

  private MigrationFinding finding(Block block, String howLong, String more) {
    String message =
        "While %s is applied, %s %s: %s%s. %s%s%s"
            .formatted(
                revision,
                block.blocked().of(block.table()),
                howLong,
                cause(block),
                block.rewritten() ? ", which writes the whole table anew" : "",
                measured(block),
                SafeWay.of(block.sql()).advice(),
                more);
    return new MigrationFinding(rule(block), revision.id(), "table " + block.table(), message);
  }

  private static Rule rule(Block block) {
    return switch (block.blocked()) {
      case READS -> block.rewritten() ? Rule.TABLE_REWRITTEN : Rule.READS_BLOCKED;
      case WRITES -> Rule.WRITES_BLOCKED;
      case ROWS -> Rule.ROWS_LOCKED;
    };
  }

  private static String cause(Block block) {
    return block.slowest() == block.statement()
        ? "`" + brief(block.sql()) + "`"
        : "the lock that its statement %d takes is held during `%s`"
            .formatted(block.statement(), brief(block.sql()));
  }

  private static String measured(Block block) {
    String samples =
        block.samples().stream()
            .map(
                sample ->
                    "%s with %s rows"
                        .formatted(
                            time(sample.millis()),
                            count(sample.rows().getOrDefault(block.table(), 0L))))
            .collect(Collectors.joining(", "));
    return "Measured: "
        + samples
        + (block.cost().grows()
            ? String.format(Locale.ROOT, "; %.2f µs for each row. ", block.cost().perRow() * SECOND)
            : ". ");
  }

  static String time(double millis) {
    return millis < SECOND
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : millis < 2 * MINUTE
            ? String.format(Locale.ROOT, "%.1f s", millis / SECOND).replace(".0 s", " s")
            : String.format(Locale.ROOT, "%.0f minutes", millis / MINUTE);
  }

  private static String count(long rows) {
    return String.format(Locale.ROOT, "%,d", rows).replace(',', ' ');
  }

  /** With two digits that count. */
  private static long roughly(double number) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(number)) - 1));
    return Math.round(Math.round(number / unit) * unit);
  }

  private static String brief(String statement) {
    String line = statement.strip().replaceAll("\\s+", " ");
    return line.length() <= 120 ? line : line.substring(0, 120) + " …";
  }
}
