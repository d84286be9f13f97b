package dev.slipway.migrations.retry;

import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Two {@code alembic upgrade head} in the same moment, as two pipelines or two replicas start them.
 * One may fail; what they leave must lead to the head.
 */
public final class TwoAtOnce {

  private TwoAtOnce() {}

  /**
   * What they break.
   *
   * @param database a new one, without the revisions that are proved
   * @param head the catalog with all of them
   */
  public static List<MigrationFinding> findings(Alembic alembic, Database database, Catalog head) {
    CompletableFuture<CommandResult> one =
        CompletableFuture.supplyAsync(() -> alembic.call(database, "upgrade", "head"));
    CommandResult other = alembic.call(database, "upgrade", "head");
    CommandResult first = one.join();
    return new Aftermath(alembic, head)
        .of(database)
        .map(wrong -> List.of(finding(wrong, first, other)))
        .orElse(List.of());
  }

  private static MigrationFinding finding(String wrong, CommandResult first, CommandResult other) {
    return new MigrationFinding(
        Rule.CLASHES_WITH_ITSELF,
        "",
        "",
        "After two `alembic upgrade head` at once, "
            + wrong
            + "\nLet env.py take a lock that the second one waits for: a session's advisory lock, on a connection of its own"
            + " (`SELECT pg_advisory_lock(…)` before context.configure()).\nThe first ended with "
            + told(first)
            + "\nThe second ended with "
            + told(other));
  }

  private static String told(CommandResult result) {
    return result.exitStatus()
        + (result.succeeded() ? "." : ": " + UnexpectedVersion.lastWords(result));
  }
}
