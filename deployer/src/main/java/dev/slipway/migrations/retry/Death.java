package dev.slipway.migrations.retry;

import dev.slipway.migrations.alembic.Brief;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.walk.WalkedRevision;

/**
 * How the upgrade of a revision comes to its end too early.
 *
 * @param how such as {@code is killed after}
 * @param statement the number of what was sent, counted from 1
 */
record Death(WalkedRevision walked, String how, int statement) {

  /** Why one that was to be is none. */
  static final String NOT_TRIED =
      "it sends that with rows in the tables, and ends before without any, where this is tried."
          + " Let what it sends not depend on the rows, or kill it by hand and run it again.";

  /** What is said of it when the next run does not mend it. */
  MigrationFinding finding(String wrong) {
    return new MigrationFinding(
        Rule.NOT_RETRYABLE,
        walked.revision().id(),
        "",
        "When the upgrade of "
            + walked.revision()
            + " "
            + how
            + " "
            + sent()
            + ", "
            + wrong
            + "\n"
            + "What is committed by itself must bear being run again: drop first what a cut-off run"
            + " may have left (`if_exists=True`), and make it with `if_not_exists=True` only where"
            + " a half-made one is not possible; and write no row that was written before (`WHERE …"
            + " IS NULL`, `ON CONFLICT DO NOTHING`), or all of them within the transaction.");
  }

  private String sent() {
    return "`" + Brief.of(walked.upgrade().statements().get(statement - 1)) + "`";
  }

  /** It as what was to be tried. */
  @Override
  public String toString() {
    return "%s, which %s %s".formatted(walked.revision(), how, sent());
  }
}
