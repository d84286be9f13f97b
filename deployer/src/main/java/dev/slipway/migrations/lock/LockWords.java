package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.Brief;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is said of locks.
 *
 * @param revision whose it is
 * @param limits how long it may be held
 */
public record LockWords(Revision revision, LockLimits limits) {

  private static final String WAY_OUT =
      "Whatever takes long goes before the lock, or into an autocommit_block() of the next revision, and the commit right after the lock was taken. (eugene E4)";

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

  /** Of one that could not be measured, as rows stand in the way of the revision. */
  MigrationFinding unknown(Block block) {
    return new MigrationFinding(
        rule(block),
        revision.id(),
        "table " + block.table(),
        "While %s is applied, %s for a time that could not be measured, since the revision fails with the rows that Slipway made up: %s%s. If it goes through all %s rows: %s"
            .formatted(
                revision,
                block.blocked().of(block.table()),
                cause(block),
                block.rewritten() ? ", which writes the whole table anew" : "",
                count(limits.sizes().getOrDefault(block.table(), 0L)),
                SafeWay.of(block.sql()).advice()));
  }

  /** Of revisions that could not be looked at. */
  static MigrationFinding notLookedAt(List<Revision> revisions) {
    Revision first = revisions.get(0);
    return new MigrationFinding(
        Rule.NOT_CHECKED,
        first.id(),
        "how long people wait",
        "How long people wait for the tables of `migrations.sizes` is not checked of "
            + String.join(", ", revisions.stream().map(Revision::id).toList())
            + ": where it is measured, "
            + first
            + " can be applied neither with many rows nor without any. Let it pass on empty tables, too.");
  }

  /** Of one for which a canary waited too long. */
  MigrationFinding felt(Felt felt) {
    String message =
        "While %s was applied, %s: felt by a canary, and %s is allowed. %s"
            .formatted(revision, told(felt), time((double) limits.longest().toMillis()), WAY_OUT);
    return new MigrationFinding(
        felt.blocked() == Blocked.READS
            ? Rule.READS_BLOCKED
            : felt.blocked() == Blocked.WRITES ? Rule.WRITES_BLOCKED : Rule.ROWS_LOCKED,
        revision.id(),
        "table " + felt.table(),
        message);
  }

  /** Such as {@code writes to orders were blocked for 412 ms by `ALTER TABLE …`}. */
  public static String told(Felt felt) {
    return brief(felt) + " by `" + Brief.of(felt.sql()) + "`";
  }

  /** Such as {@code writes to orders were blocked for 412 ms}. */
  public static String brief(Felt felt) {
    return felt.blocked().what(felt.table()) + " were blocked for " + time(felt.millis());
  }

  /** Such as {@code Writes to orders wait for 412 ms, from statement 1 on.}. */
  public static String told(Hold hold) {
    return "%s for %s, from statement %d on%s."
        .formatted(
            capital(hold.blocked().of(hold.table())),
            time(hold.millis()),
            hold.statement(),
            hold.rewritten() ? "; the table is written anew" : "");
  }

  /** Such as {@code Statement 2 reads all of orders, 100 000 rows: `CREATE INDEX …`}. */
  public static String told(Scan scan) {
    return "Statement %d reads %s from the beginning, %s rows: `%s`."
        .formatted(scan.statement(), scan.table(), count(scan.rows()), Brief.of(scan.sql()));
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  /** Of everybody behind a revision that waits. */
  MigrationFinding queue(LockQueue queue) {
    String message =
        "`%s` of %s waits for %s %s. While it waits, everybody who comes later waits behind it%s. %s"
            .formatted(
                Brief.of(queue.sql()),
                revision,
                queue.table(),
                queue.switchedOff()
                    ? "for ever (`lock_timeout` is 0), whatever limit there is otherwise"
                    : "for as long as somebody reads it, unless whoever runs the migration sets a `lock_timeout`",
                queue.waited().isPresent()
                    ? ": a new reader waited "
                        + time(queue.waited().getAsDouble())
                        + ", which is as long as another one was made to read on"
                    : "",
                SafeWay.LOCK_TIMEOUT);
    return new MigrationFinding(Rule.LOCK_QUEUE, revision.id(), "table " + queue.table(), message);
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
                block.during().isPresent()
                    ? SafeWay.ONE_TRANSACTION
                    : SafeWay.of(block.sql()).advice(),
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
    if (block.during().isPresent()) {
      return "the lock that its statement %d takes is kept while `%s` of revision %s works, since env.py runs all revisions in one transaction"
          .formatted(block.statement(), Brief.of(block.sql()), block.during().get());
    }
    return block.slowest() == block.statement()
        ? "`" + Brief.of(block.sql()) + "`"
        : "the lock that its statement %d takes is held during `%s`"
            .formatted(block.statement(), Brief.of(block.sql()));
  }

  private static String measured(Block block) {
    String samples =
        block.samples().stream()
            .map(
                sample ->
                    "%s with %s rows%s"
                        .formatted(
                            time(sample.millis()),
                            count(sample.rows().getOrDefault(block.table(), 0L)),
                            sample.felt() > 0
                                ? " (felt by a canary: " + time(sample.felt()) + ")"
                                : ""))
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

  static String count(long rows) {
    return String.format(Locale.ROOT, "%,d", rows).replace(',', ' ');
  }

  /** With two digits that count. */
  private static long roughly(double number) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(number)) - 1));
    return Math.round(Math.round(number / unit) * unit);
  }
}
