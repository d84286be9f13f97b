package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Brief;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.walk.WalkedRevision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Revisions that are killed on their way up, or lose their server. Within a transaction one death
 * is like another, since PostgreSQL takes back all of it; so each dies after every statement that
 * is committed by itself, and once before its end.
 */
public final class KilledMigration {

  private static final Duration STEP = Duration.ofMinutes(1);
  private static final String KILLED = "is killed";
  private static final String SERVER_LOST = "loses PostgreSQL, which restarts,";

  private final Trials trials;
  private final List<WalkedRevision> revisions;
  private final BiConsumer<String, String> unproved;

  private KilledMigration(Trials trials, BiConsumer<String, String> unproved) {
    this.trials = trials;
    this.revisions = trials.revisions();
    this.unproved = unproved;
  }

  /**
   * What cannot be run again after a death.
   *
   * @param unproved told of deaths that could not be tried, with the reason
   */
  public static List<MigrationFinding> findings(
      Trials trials, BiConsumer<String, String> unproved) {
    return new KilledMigration(trials, unproved).findings();
  }

  private List<MigrationFinding> findings() {
    List<MigrationFinding> findings = new ArrayList<>();
    for (int i = 0; i < revisions.size(); i++) {
      WalkedRevision walked = revisions.get(i);
      boolean last = i == revisions.size() - 1;
      for (int statement : deaths(walked.upgrade(), last)) {
        dieAndGoOn(i, statement).ifPresent(findings::add);
      }
    }
    if (findings.isEmpty()) {
      loseTheServer().ifPresent(findings::add);
    }
    return findings;
  }

  /** The last revision stands for all that are one transaction. */
  private static SortedSet<Integer> deaths(StepResult upgrade, boolean last) {
    SortedSet<Integer> deaths = new TreeSet<>(upgrade.alone());
    if (!upgrade.statements().isEmpty() && (last || !deaths.isEmpty())) {
      deaths.add(upgrade.statements().size());
    }
    return deaths;
  }

  private Optional<MigrationFinding> dieAndGoOn(int index, int statement) {
    Database database = trials.databases().get();
    Revision revision = revisions.get(index).revision();
    try (Walker walker = Walker.start(trials.alembic(), database, STEP)) {
      trials.before(index).forEach(before -> walker.up(before.revision()));
      if (!walker.dieDuring(revision, statement)) {
        return notTried(revisions.get(index), KILLED, statement);
      }
    }
    return trials
        .aftermath()
        .of(database)
        .map(wrong -> finding(revisions.get(index), KILLED, statement, wrong));
  }

  /**
   * PostgreSQL goes down and comes up once, where most can go wrong: behind what is committed by
   * itself.
   */
  private Optional<MigrationFinding> loseTheServer() {
    for (int i = revisions.size() - 1; i >= 0; i--) {
      List<Integer> alone = revisions.get(i).upgrade().alone();
      if (!alone.isEmpty()) {
        return loseTheServer(i, alone.get(alone.size() - 1));
      }
    }
    for (int i = revisions.size() - 1; i >= 0; i--) {
      int statements = revisions.get(i).upgrade().statements().size();
      if (statements > 0) {
        return loseTheServer(i, (statements + 1) / 2);
      }
    }
    return Optional.empty();
  }

  private Optional<MigrationFinding> loseTheServer(int index, int statement) {
    Database database = trials.databases().get();
    try (Walker walker = Walker.start(trials.alembic(), database, STEP)) {
      trials.before(index).forEach(before -> walker.up(before.revision()));
      if (!walker.pauseDuring(revisions.get(index).revision(), statement)) {
        return notTried(revisions.get(index), SERVER_LOST, statement);
      }
      database.crash();
      walker.goOn();
    }
    return trials
        .aftermath()
        .of(database)
        .map(wrong -> finding(revisions.get(index), SERVER_LOST, statement, wrong));
  }

  private Optional<MigrationFinding> notTried(WalkedRevision walked, String how, int statement) {
    unproved.accept(
        walked.revision() + ", which " + how + " after " + sent(walked, statement),
        "it sends that with rows in the tables, and ends before without any, where this is tried. Let what it sends not depend on"
            + " the rows, or kill it by hand and run it again.");
    return Optional.empty();
  }

  private static String sent(WalkedRevision walked, int statement) {
    return "`" + Brief.of(walked.upgrade().statements().get(statement - 1)) + "`";
  }

  private static MigrationFinding finding(
      WalkedRevision walked, String how, int statement, String wrong) {
    return new MigrationFinding(
        Rule.NOT_RETRYABLE,
        walked.revision().id(),
        "",
        "When the upgrade of "
            + walked.revision()
            + " "
            + how
            + " after "
            + sent(walked, statement)
            + ", "
            + wrong
            + "\nWhat is committed by itself must bear being run again: drop first what a cut-off run may have left"
            + " (`if_exists=True`), and make it with `if_not_exists=True` only where a half-made one is not possible.");
  }
}
