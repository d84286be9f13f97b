package dev.slipway.migrations.retry;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Brief;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Two {@code alembic upgrade head} in the same moment, as two pipelines or two replicas start them.
 * One may fail; what they leave must lead to the head.
 */
public final class TwoAtOnce {

  private final Trials trials;

  private TwoAtOnce(Trials trials) {
    this.trials = trials;
  }

  /**
   * What they break: abreast at each revision that commits statements by themselves, since
   * everything else is taken back as a whole, and then left to themselves.
   */
  public static List<MigrationFinding> findings(Trials trials) {
    return new TwoAtOnce(trials).findings();
  }

  private List<MigrationFinding> findings() {
    List<MigrationFinding> findings = new ArrayList<>();
    for (int i = 0; i < trials.revisions().size(); i++) {
      List<Integer> alone = trials.revisions().get(i).upgrade().alone();
      if (!alone.isEmpty()) {
        int index = i;
        abreast(index, 0)
            .or(() -> abreast(index, alone.get(alone.size() - 1)))
            .ifPresent(findings::add);
      }
    }
    if (findings.isEmpty()) {
      leftToThemselves().ifPresent(findings::add);
    }
    return findings;
  }

  private Optional<MigrationFinding> leftToThemselves() {
    Database database = trials.databases().get();
    CompletableFuture<CommandResult> one =
        CompletableFuture.supplyAsync(() -> trials.alembic().call(database, "upgrade", "head"));
    CommandResult other = trials.alembic().call(database, "upgrade", "head");
    CommandResult first = one.join();
    return trials
        .aftermath()
        .of(database)
        .map(
            wrong ->
                finding(
                    "",
                    "After two `alembic upgrade head` at once, ",
                    wrong,
                    told(first),
                    told(other)));
  }

  private Optional<MigrationFinding> abreast(int index, int statement) {
    Database database = trials.databases().get();
    WalkedRevision walked = trials.revisions().get(index);
    TwoAbreast.Ends ends =
        TwoAbreast.run(
            trials.alembic(),
            database,
            trials.before(index).stream().map(WalkedRevision::revision).toList(),
            walked.revision(),
            statement);
    String place =
        statement == 0
            ? "begins"
            : "has just sent `" + Brief.of(walked.upgrade().statements().get(statement - 1)) + "`";
    String when =
        "When two `alembic upgrade head` come to "
            + walked.revision()
            + " at once, and the second is there before the first "
            + place
            + ", then ";
    return trials
        .aftermath()
        .of(database)
        .map(wrong -> finding(walked.revision().id(), when, wrong, ends.first(), ends.second()));
  }

  private static MigrationFinding finding(
      String revision, String when, String wrong, String first, String second) {
    return new MigrationFinding(
        Rule.CLASHES_WITH_ITSELF,
        revision,
        "",
        when
            + wrong
            + "\nLet env.py take a lock that the second one asks for again and again, before context.configure() and on a connection of"
            + " its own in AUTOCOMMIT: `while not lock.scalar(text(\"SELECT pg_try_advisory_lock(…)\")): time.sleep(1)`. A session that"
            + " waits within pg_advisory_lock(), or asks within a transaction, stands in the way of every CREATE INDEX CONCURRENTLY."
            + "\nThe first ended with "
            + first
            + "\nThe second ended with "
            + second);
  }

  private static String told(CommandResult result) {
    return result.exitStatus()
        + (result.succeeded() ? "." : ": " + UnexpectedVersion.lastWords(result));
  }
}
