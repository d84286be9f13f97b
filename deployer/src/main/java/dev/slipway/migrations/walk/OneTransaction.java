package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.OneAtATime;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The revisions applied as production applies them: by one {@code alembic upgrade head}, which by
 * alembic's default is one transaction.
 */
public final class OneTransaction {

  private static final Pattern RUNNING = Pattern.compile("Running upgrade .*-> ([^\\s,]+)");

  private OneTransaction() {}

  /**
   * What goes otherwise than one revision at a time.
   *
   * @param database where it begins
   * @param from what that is
   * @param head the catalog that the revisions made one at a time, with rows
   * @param withoutRows the same without rows, as here; asked for only where the schema is not that
   *     one, since a trigger may change a schema when a row is stored
   */
  public static List<MigrationFinding> findings(
      Alembic alembic,
      Database database,
      String from,
      Catalog head,
      Supplier<Optional<Catalog>> withoutRows) {
    CommandResult result = alembic.call(database, "upgrade", "head");
    if (!result.succeeded()) {
      return List.of(failed(from, result));
    }
    Catalog found;
    try (DatabaseSession session = database.open()) {
      found = session.catalog();
    }
    return found.equals(head)
        ? List.of()
        : CatalogDifference.afterOneTransaction(from, withoutRows.get().orElse(head), found);
  }

  /**
   * What goes otherwise than one revision at a time, where rows are stored.
   *
   * @param filled databases with rows, the same each time
   * @param from what they are
   * @param revisions those that are to be applied to them
   * @param head the catalog that the revisions made one at a time, with rows
   * @return nothing where that says nothing: it makes another schema, or fails, and so do the
   *     revisions one at a time on the same rows
   */
  public static Optional<List<MigrationFinding>> findingsWithRows(
      Alembic alembic,
      Supplier<Database> filled,
      String from,
      List<Revision> revisions,
      Catalog head) {
    Database database = filled.get();
    CommandResult result = alembic.call(database, "upgrade", "head");
    if (!result.succeeded()) {
      return OneAtATime.apply(alembic, filled.get(), revisions).isEmpty()
          ? Optional.of(List.of(failed(from, result)))
          : Optional.empty();
    }
    try (DatabaseSession session = database.open()) {
      return session.catalog().equals(head) ? Optional.of(List.of()) : Optional.empty();
    }
  }

  private static MigrationFinding failed(String from, CommandResult result) {
    return new MigrationFinding(
        Rule.ONE_TRANSACTION_FAILS, atWork(result), "", failure(from, result));
  }

  /** The revision that alembic named last; none where env.py lets alembic say nothing. */
  private static String atWork(CommandResult result) {
    Matcher running = RUNNING.matcher(result.standardError());
    String last = "";
    while (running.find()) {
      last = running.group(1);
    }
    return last;
  }

  private static String failure(String from, CommandResult result) {
    String revision = atWork(result);
    String words = UnexpectedVersion.lastWords(result);
    return "`alembic upgrade head` from "
        + from
        + " fails"
        + (revision.isEmpty() ? "" : " at revision " + revision)
        + " with exit status "
        + result.exitStatus()
        + ", though each revision by itself goes well: alembic runs them all in one transaction,"
        + " and so does production.\n"
        + words
        + "\n"
        + (words.contains("unsafe use of new value")
            ? "A label that is added to an enum can be used only after a commit: add it in a `with"
                + " op.get_context().autocommit_block():`."
            : words.contains("pending trigger events")
                ? "A deferred constraint waits for the commit: check it before the next revision,"
                    + " by `op.execute(\"SET CONSTRAINTS ALL IMMEDIATE\")` behind what writes the"
                    + " rows."
                : "Let the revision commit what the next one needs (`with"
                    + " op.get_context().autocommit_block():`), or set"
                    + " transaction_per_migration=True in env.py's context.configure().");
  }
}
