package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * PostgreSQL goes down in the middle of a revision and comes up again, once, where most can go
 * wrong: behind what is committed by itself.
 */
public final class LostServer {

  private LostServer() {}

  /**
   * What cannot be run again after it.
   *
   * @param unproved told when it could not be tried, with the reason
   */
  public static Optional<MigrationFinding> finding(
      Trials trials, BiConsumer<String, String> unproved) {
    List<WalkedRevision> revisions = trials.revisions();
    for (int i = revisions.size() - 1; i >= 0; i--) {
      List<Integer> alone = revisions.get(i).upgrade().alone();
      if (!alone.isEmpty()) {
        return finding(trials, i, alone.get(alone.size() - 1), unproved);
      }
    }
    for (int i = revisions.size() - 1; i >= 0; i--) {
      int statements = revisions.get(i).upgrade().statements().size();
      if (statements > 0) {
        return finding(trials, i, (statements + 1) / 2, unproved);
      }
    }
    return Optional.empty();
  }

  private static Optional<MigrationFinding> finding(
      Trials trials, int index, int statement, BiConsumer<String, String> unproved) {
    WalkedRevision walked = trials.revisions().get(index);
    Death death = new Death(walked, "loses PostgreSQL, which restarts, after", statement);
    Database database;
    try (Walker walker = new Eve(trials).walker(index, false)) {
      database = walker.database();
      if (!walker.pauseDuring(walked.revision(), statement)) {
        unproved.accept(death.toString(), Death.NOT_TRIED);
        return Optional.empty();
      }
      database.crash();
      walker.goOn();
    }
    return trials.aftermath().of(database).map(death::finding);
  }
}
