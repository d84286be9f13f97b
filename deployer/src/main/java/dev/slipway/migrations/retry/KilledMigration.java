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
import java.util.function.Consumer;
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
  private final Consumer<String> progress;
  private final Eve eve;
  private int all;
  private int begun;

  private KilledMigration(
      Trials trials, BiConsumer<String, String> unproved, Consumer<String> progress) {
    this.trials = trials;
    this.revisions = trials.revisions();
    this.unproved = unproved;
    this.progress = progress;
    this.eve = new Eve(trials);
  }

  /**
   * What cannot be run again after a death.
   *
   * @param unproved told of deaths that could not be tried, with the reason
   * @param progress told of each death
   */
  public static List<MigrationFinding> findings(
      Trials trials, BiConsumer<String, String> unproved, Consumer<String> progress) {
    return new KilledMigration(trials, unproved, progress).findings();
  }

  private List<MigrationFinding> findings() {
    List<SortedSet<Integer>> deaths = new ArrayList<>();
    for (int i = 0; i < revisions.size(); i++) {
      deaths.add(deaths(revisions.get(i).upgrade(), i == revisions.size() - 1));
    }
    all = deaths.stream().mapToInt(Set::size).sum();
    List<MigrationFinding> findings = new ArrayList<>();
    for (int i = 0; i < revisions.size(); i++) {
      findings.addAll(findings(i, deaths.get(i)));
    }
    return findings;
  }

  private List<MigrationFinding> findings(int index, SortedSet<Integer> deaths) {
    List<MigrationFinding> findings = new ArrayList<>();
    StepResult upgrade = revisions.get(index).upgrade();
    Optional<FilledTrial> filled = mayWriteRows(upgrade) ? filled(index) : Optional.empty();
    Set<String> found = new HashSet<>(); // a statement that is sent twice is wrong twice
    for (int statement : deaths) {
      String sql = upgrade.statements().get(statement - 1);
      begun++;
      if (!found.contains(sql)) {
        progress.accept(
            "Killing %d of %d: %s".formatted(begun, all, revisions.get(index).revision()));
        Optional<MigrationFinding> finding =
            die(index, statement, filled).or(() -> dieWithin(index, statement, filled));
        finding.ifPresent(
            wrong -> {
              findings.add(wrong);
              found.add(sql);
            });
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
    Database database;
    try (Walker walker = walker(index, filled)) {
      database = walker.database();
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
    Database database;
    try (Walker walker = walker(index, filled);
        DatabaseSession session = walker.database().open()) {
      database = walker.database();
      Set<Long> known = session.indexes();
      if (!walker.dieDuring(walked.revision(), statement)
          || !session.cutOffIndex(name.get(), known)) {
        return Optional.empty();
      }
    }
    return aftermath(database, filled)
        .map(new Death(walked, "is killed within", statement)::finding);
  }

  /** One that has applied what comes before a revision, on a new database. */
  private Walker walker(int index, Optional<FilledTrial> filled) {
    return filled.isPresent()
        ? trials.walker(filled.get().database())
        : eve.walker(index, begun < all);
  }

  private Optional<String> aftermath(Database database, Optional<FilledTrial> filled) {
    return filled.isPresent() ? filled.get().aftermath(database) : trials.aftermath().of(database);
  }
}
