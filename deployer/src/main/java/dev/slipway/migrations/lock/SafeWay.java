package dev.slipway.migrations.lock;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * How to write a statement so that nobody waits for it, and what others call writing it otherwise.
 *
 * @see <a href="https://squawkhq.com/docs/rules">squawk's rules</a>
 * @see <a href="https://kaveland.no/eugene/hints.html">eugene's hints</a>
 */
enum SafeWay {
  CREATE_INDEX(
      "^CREATE (UNIQUE )?INDEX(?! CONCURRENTLY)",
      "squawk require-concurrent-index-creation, eugene E6",
      "Build it beside the traffic: `with op.get_context().autocommit_block(): op.create_index(…, postgresql_concurrently=True)`."),
  DROP_INDEX(
      "^DROP INDEX(?! CONCURRENTLY)",
      "squawk require-concurrent-index-deletion",
      "Drop it beside the traffic: `with op.get_context().autocommit_block(): op.drop_index(…, postgresql_concurrently=True)`."),
  REINDEX(
      "^REINDEX(?!.* CONCURRENTLY)",
      "squawk require-concurrent-reindex",
      "Use `REINDEX … CONCURRENTLY` in an autocommit_block()."),
  FOREIGN_KEY(
      "^ALTER TABLE .* (FOREIGN KEY|REFERENCES)(?!.* NOT VALID)",
      "squawk adding-foreign-key-constraint, eugene E1",
      "Let old rows wait: `op.create_foreign_key(…, postgresql_not_valid=True)`, and in the next revision `with op.get_context().autocommit_block(): op.execute(\"ALTER TABLE … VALIDATE CONSTRAINT …\")`, which commits before it reads."),
  UNIQUE(
      "^ALTER TABLE .* ADD (CONSTRAINT \\S+ )?(UNIQUE|PRIMARY KEY)(?!.* USING INDEX)",
      "squawk disallowed-unique-constraint, eugene E7",
      "Build the unique index with `postgresql_concurrently=True` in an autocommit_block() first, then `op.execute(\"ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …\")`."),
  EXCLUDE(
      "^ALTER TABLE .* ADD (CONSTRAINT \\S+ )?EXCLUDE",
      "eugene E8",
      "PostgreSQL has no way beside the traffic; do it in a maintenance window, and waive it."),
  CHECK(
      "^ALTER TABLE .* ADD (CONSTRAINT \\S+ )?CHECK(?!.* NOT VALID)",
      "squawk constraint-missing-not-valid, eugene E1",
      "Let old rows wait: `op.create_check_constraint(…, postgresql_not_valid=True)`, and in the next revision `with op.get_context().autocommit_block(): op.execute(\"ALTER TABLE … VALIDATE CONSTRAINT …\")`, which commits before it reads."),
  NOT_NULL(
      "^ALTER TABLE .* SET NOT NULL",
      "squawk adding-not-nullable-field, eugene E2",
      "Add `CHECK (… IS NOT NULL) NOT VALID` first, and in the next revision validate it in an autocommit_block(), which commits before it reads; SET NOT NULL then believes it and reads nothing."),
  COLUMN_TYPE(
      "^ALTER TABLE .* ALTER (COLUMN )?\\S+ (SET DATA )?TYPE ",
      "squawk changing-column-type, eugene E5",
      "Add a column of the new type, fill it in batches while a trigger keeps it up to date, and let the code change over."),
  NEW_GENERATED(
      "^ALTER TABLE .* ADD (COLUMN )?.* GENERATED ALWAYS AS \\(.* STORED",
      "squawk adding-field-with-default, eugene E11",
      "PostgreSQL has no way beside the traffic for such a column. Let a plain one be kept up to date by a trigger, and fill old rows in batches; or work the value out where it is read, with an index on the expression."),
  NEW_SERIAL(
      "^ALTER TABLE .* ADD (COLUMN )?.*( (SMALL|BIG)?SERIAL| GENERATED )",
      "squawk adding-serial-primary-key-field, eugene E11",
      "Add the column without a value, fill it in batches, and give it its sequence or trigger for what comes."),
  NEW_DEFAULT(
      "^ALTER TABLE .* ADD (COLUMN )?.* DEFAULT ",
      "squawk adding-field-with-default, eugene E10",
      "Add the column without a default, set the default in a statement of its own, and fill old rows in batches."),
  REWRITE(
      "^(VACUUM FULL|CLUSTER|REFRESH MATERIALIZED VIEW(?! CONCURRENTLY))",
      "eugene E10",
      "Do it beside the traffic: pg_repack for tables, `CONCURRENTLY` for materialized views."),
  ROWS(
      "^(UPDATE|DELETE|INSERT|WITH|MERGE)\\b",
      "eugene E4 when a table is locked as well",
      "Write in batches that each commit (`with op.get_context().autocommit_block():`), before any lock is taken."),
  OTHER(
      "",
      "eugene E4",
      "Let each revision hold one such lock, take it last and commit at once: what is slow goes before it, or into an autocommit_block() of the next revision.");

  /** How a wait for a lock gets an end. */
  static final String LOCK_TIMEOUT =
      "Let it fail soon and be tried again: `op.execute(\"SET LOCAL lock_timeout = '2s'\")` before it, or for all revisions in env.py"
          + " (`connect_args={\"options\": \"-c lock_timeout=2000\"}`; with asyncpg `{\"server_settings\": {\"lock_timeout\": \"2000\"}}`)."
          + " (squawk require-timeout-settings, eugene E9)";

  /** How a lock is let go before the next revision works. */
  static final String ONE_TRANSACTION =
      "Let each revision be committed by itself: `transaction_per_migration=True` in context.configure() of env.py. Or let the later one"
          + " do that `with op.get_context().autocommit_block():`, which commits what is before; or ship them in two releases. (eugene E4)";

  private final Pattern statement;
  private final String names;
  private final String advice;

  SafeWay(String statement, String names, String advice) {
    this.statement = Pattern.compile(statement, Pattern.CASE_INSENSITIVE);
    this.names = names;
    this.advice = advice;
  }

  /** The way for what a statement does. */
  static SafeWay of(String sql) {
    String line = sql.strip().replaceAll("\\s+", " ");
    return Arrays.stream(values())
        .filter(way -> way.statement.matcher(line).find())
        .findFirst()
        .orElse(OTHER);
  }

  /** What to do, with the names by which others know the fault. */
  String advice() {
    return advice + " (" + names + ")";
  }
}
