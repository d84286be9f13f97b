package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.FilledDatabase;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Revisions that are killed on their way up. Within a transaction one death is like another, since
 * PostgreSQL takes back all of it; so each dies after every statement that is committed by itself,
 * within those that are several transactions, and once before its end.
 */
public final class KilledMigration {

  /** What may be done twice to the same rows without a trace. */
  private static final Pattern WRITES_NO_ROW =
      Pattern.compile(
          "\\s*(create\\s+(unique\\s+)?index|(create|alter|drop)\\s+(index|type)|reindex|vacuum|analyze|cluster|refresh|comment"
              + "|alter\\s+table\\s+(only\\s+)?\\S+\\s+(validate|attach|detach)|set|reset|show|grant|revoke|lock"
              + "|begin|start|commit|end|rollback|savepoint|release)\\b",
          Pattern.CASE_INSENSITIVE);

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
      int index = i;
      Optional<FilledTrial> filled = mayWriteRows(walked.upgrade()) ? filled(i) : Optional.empty();
      Set<String> found = new HashSet<>(); // a statement that is sent twice is wrong twice
      for (int statement : deaths(walked.upgrade(), last)) {
        String sql = walked.upgrade().statements().get(statement - 1);
        if (!found.contains(sql)) {
          Optional<MigrationFinding> finding =
              die(index, statement, filled).or(() -> dieWithin(index, statement, filled));
          finding.ifPresent(
              wrong -> {
                findings.add(wrong);
                found.add(sql);
              });
        }
      }
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

  private static boolean mayWriteRows(StepResult upgrade) {
    return upgrade.alone().stream()
        .map(number -> upgrade.statements().get(number - 1))
        .anyMatch(sql -> isSeveral(sql) || !WRITES_NO_ROW.matcher(sql).lookingAt());
  }

  /** What it begins with says nothing of the rest. */
  private static boolean isSeveral(String sql) {
    int end = sql.indexOf(';');
    return end >= 0 && !sql.substring(end + 1).isBlank();
  }

  private Optional<FilledTrial> filled(int index) {
    Optional<FilledTrial> trial =
        FilledTrial.of(
            trials.alembic(),
            FilledDatabase.of(
                trials.alembic(),
                trials.databases().get(),
                trials.before(index).stream().map(WalkedRevision::revision).toList()));
    if (trial.isEmpty()) {
      unproved.accept(
          revisions.get(index).revision() + ", which is killed with rows in the tables",
          "`alembic upgrade head` does not go well with the rows that Slipway made up. Kill it by"
              + " hand on a copy of your data, and run it again.");
    }
    return trial;
  }

  private Optional<MigrationFinding> die(int index, int statement, Optional<FilledTrial> filled) {
    WalkedRevision walked = revisions.get(index);
    Death death = new Death(walked, "is killed after", statement);
    Database database = database(filled);
    try (Walker walker = walker(database, index, filled)) {
      if (!walker.dieDuring(walked.revision(), statement)) {
        unproved.accept(death.toString(), Death.NOT_TRIED);
        return Optional.empty();
      }
    }
    return aftermath(database, filled).map(death::finding);
  }

  /**
   * Within a statement that is one transaction there is nothing to leave behind; but one that
   * builds an index while others write is several.
   */
  private Optional<MigrationFinding> dieWithin(
      int index, int statement, Optional<FilledTrial> filled) {
    WalkedRevision walked = revisions.get(index);
    StepResult upgrade = walked.upgrade();
    Optional<String> name = ConcurrentIndex.name(upgrade.statements().get(statement - 1));
    if (name.isEmpty() || !upgrade.alone().contains(statement)) {
      return Optional.empty();
    }
    Database database = database(filled);
    try (Walker walker = walker(database, index, filled);
        DatabaseSession session = database.open()) {
      Set<Long> known = session.indexes();
      if (!walker.dieDuring(walked.revision(), statement)
          || !session.cutOffIndex(name.get(), known)) {
        return Optional.empty();
      }
    }
    return aftermath(database, filled)
        .map(new Death(walked, "is killed within", statement)::finding);
  }

  private Database database(Optional<FilledTrial> filled) {
    return filled.map(FilledTrial::database).orElseGet(trials.databases());
  }

  /** One that has applied what comes before a revision. */
  private Walker walker(Database database, int index, Optional<FilledTrial> filled) {
    return filled.isEmpty() ? trials.walkerAt(database, index) : trials.walker(database);
  }

  private Optional<String> aftermath(Database database, Optional<FilledTrial> filled) {
    return filled.isPresent() ? filled.get().aftermath(database) : trials.aftermath().of(database);
  }
}
