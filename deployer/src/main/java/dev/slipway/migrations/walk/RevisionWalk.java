package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.Step;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.walk.WalkedDatabase.Moved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Walks every revision up, down and up again with rows in the tables, then all the way down with
 * rows of each schema; finds everything that is wrong, not only the first.
 */
public final class RevisionWalk {

  private final WalkedDatabase database;
  private final WalkOptions options;
  private final Consumer<String> progress;
  private final List<Revision> revisions;
  private final List<MigrationFinding> findings = new ArrayList<>();
  private final Set<MigrationFinding> onlyIfNew = new HashSet<>();
  private final List<WalkedRevision> walked = new ArrayList<>();
  private final Map<String, DatabaseState> below = new HashMap<>();
  private final Map<String, String> unproved = new TreeMap<>();
  private final Set<String> broken = new TreeSet<>();
  private final LeftOpen leftOpen;

  private RevisionWalk(
      WalkedDatabase database,
      WalkOptions options,
      List<Revision> revisions,
      Consumer<String> progress) {
    this.database = database;
    this.leftOpen = new LeftOpen(database);
    this.options = options;
    this.revisions = revisions;
    this.progress = progress;
  }

  /**
   * Walks revisions.
   *
   * @param beginnings databases to which just those revisions are applied that are not walked
   * @param revisions which; each after those it stands on, and with all that stand on it
   * @param progress told of each revision when it was walked
   * @return what each revision did, and everything that is wrong, in the order of the revisions
   */
  public static WalkReport report(
      Beginnings beginnings,
      WalkOptions options,
      List<Revision> revisions,
      Consumer<String> progress) {
    try (WalkedDatabase database = new WalkedDatabase(beginnings, options)) {
      WalkReport report = new RevisionWalk(database, options, revisions, progress).walk();
      boolean sawEverything = database.sawEverything();
      if (options.everyLookComplete()
          || (sawEverything
              && report.findings().stream().noneMatch(WalkFinding::restsOnWhatALookSaw))) {
        return report;
      }
      progress.accept(
          sawEverything
              ? "Schemas differ; walking again with complete looks, to be sure of that"
              : "A revision changes what event triggers are not told of; walking again with"
                  + " complete looks");
    }
    WalkOptions complete = options.reading(true);
    try (WalkedDatabase database = new WalkedDatabase(beginnings, complete)) {
      return new RevisionWalk(database, complete, revisions, progress).walk();
    }
  }

  private WalkReport walk() {
    Optional<Catalog> head = Optional.empty();
    if (ascend()) {
      head = Optional.of(database.look().catalog());
      findings.addAll(leftOpen.findings());
      if (options.wayDown()) {
        descend();
      }
    }
    unproved.putAll(database.unfilled());
    return new WalkReport(walked, findings, head, unproved, onlyIfNew);
  }

  private boolean ascend() {
    database.expect(Itinerary.roundTrips(revisions));
    for (int i = 0; i < revisions.size(); i++) {
      if (!passes(i)) {
        return false;
      }
    }
    return true;
  }

  /** Walks one revision, and says whether the next one can be. */
  private boolean passes(int index) {
    Revision revision = revisions.get(index);
    fillAfter("upgrade", Math.max(0, index - 1));
    Moved up = upgrade(revision);
    List<MigrationFinding> found = new ArrayList<>();
    if (up.failure().isPresent()) {
      MigrationFinding failure = up.failure().get();
      String state = up.step().state();
      Optional<String> doubt = doubtAbout(revision, up.step());
      up = withoutRows(index, up);
      if (up.failure().isPresent()) {
        findings.add(WalkFinding.notWalked(failure, revisions.subList(index, revisions.size())));
        return false;
      }
      doubt.ifPresentOrElse(
          reason -> doubt(revision, reason),
          () -> found.add(WalkFinding.rowsStandInTheWay(failure, state)));
    }
    leftOpen.look(revision);
    found.addAll(roundTrip(revision, database.look(), up));
    doubtWhatWasNotSeen(walked.get(walked.size() - 1));
    progress.accept(revision + ": " + (found.isEmpty() ? "up, down and up again" : "FAILED"));
    if (!found.isEmpty()) {
      findings.addAll(found);
      if (!found.stream().allMatch(WalkFinding::isAboutRows)) {
        broken.add(revision.id());
      }
      database.startAfreshAt(revisions.subList(0, index + 1));
    }
    return true;
  }

  /** A table that takes no row any more is the fault of the revision that was moved last. */
  private void fillAfter(String way, int index) {
    Revision moved = revisions.get(index);
    database
        .fill()
        .forEach(
            (table, refusal) -> findings.add(WalkFinding.rowsRefused(moved, way, table, refusal)));
    database
        .seeded()
        .forEach(
            (table, seeded) -> {
              MigrationFinding finding = WalkFinding.seedsInTheWay(moved, way, table, seeded);
              findings.add(finding);
              onlyIfNew.add(finding);
            });
  }

  private Moved upgrade(Revision revision) {
    DatabaseState before = database.look();
    below.put(revision.id(), before);
    return database.upgrade(Step.up(revision), versionsWith(before.versions(), revision));
  }

  /** Tries a revision that failed once more, in a new database, unless that would take long. */
  private Moved withoutRows(int index, Moved failed) {
    if (failed.step().hung()) {
      return failed;
    }
    database.startAfreshAt(revisions.subList(0, index));
    return upgrade(revisions.get(index));
  }

  private static Set<String> versionsWith(Set<String> versions, Revision revision) {
    Set<String> applied = new TreeSet<>(versions);
    applied.removeAll(revision.parents());
    applied.removeAll(revision.dependencies());
    applied.add(revision.id());
    return applied;
  }

  private List<MigrationFinding> roundTrip(Revision revision, DatabaseState up, Moved upgrade) {
    DatabaseState before = stateBelow(revision);
    Moved downgrade = database.downgrade(revision, before.versions());
    walked.add(WalkedRevision.of(revision, before, up, upgrade.step(), downgrade.step()));
    if (downgrade.failure().isPresent()) {
      return List.of(downgrade.failure().get());
    }
    DatabaseState down = database.look();
    List<MigrationFinding> found =
        new ArrayList<>(
            CatalogDifference.afterDowngrade(revision, before.catalog(), down.catalog()));
    boolean repeatable = found.isEmpty();
    down.rows()
        .lossesSince(before.rows(), up.rows(), () -> database.untouched(before.rows()))
        .forEach(loss -> found.add(WalkFinding.rowsLost(revision, loss)));
    down.rows()
        .gainsSince(before.rows())
        .forEach(
            (table, gain) -> {
              if (isKeptByTriggers(table, upgrade.step(), downgrade.step())) {
                unproved.put(
                    revision + ", which has triggers write into " + table,
                    WalkFinding.rowsKeptByTriggers(gain));
              } else {
                found.add(WalkFinding.rowsLeft(revision, gain));
              }
            });
    if (!found.isEmpty() && database.wayBack(revision) == WayBack.EMPTY) {
      found.add(0, WalkFinding.missing(revision, "does nothing"));
    }
    if (repeatable) {
      Moved again = database.upgrade(Step.upAgain(revision), up.versions());
      again
          .failure()
          .ifPresentOrElse(
              failure -> found.add(WalkFinding.onlyTheSecondTime(revision, failure, again.step())),
              () ->
                  found.addAll(
                      CatalogDifference.afterSecondUpgrade(
                          revision, up.catalog(), database.look().catalog())));
    }
    return found;
  }

  /** Whether a table has got rows from triggers, and neither way of a revision names it. */
  private boolean isKeptByTriggers(String table, StepResult up, StepResult down) {
    Pattern name =
        Pattern.compile(
            "\\b" + Pattern.quote(table.replaceFirst(".*\\.", "").replace("\"", "")) + "\\b",
            Pattern.CASE_INSENSITIVE);
    return !up.statements().isEmpty()
        && Stream.of(up, down)
            .noneMatch(
                step ->
                    step.unseen()
                        || step.statements().stream().anyMatch(sql -> name.matcher(sql).find()))
        && database.triggersWriteInto(table);
  }

  private void descend() {
    database.expect(Itinerary.UNKNOWN);
    for (int i = revisions.size() - 1; i >= 0; i--) {
      Revision revision = revisions.get(i);
      if (broken.contains(revision.id()) || !comesDown(i)) {
        database.startAfreshAt(revisions.subList(0, i));
      }
    }
    progress.accept("Down to base again, with rows of every schema");
  }

  /** Slipway's own values are no evidence against a revision that asks something of them. */
  private Optional<String> doubtAbout(Revision revision, StepResult step) {
    DatabaseState before = stateBelow(revision);
    String call = "alembic upgrade " + revision.id();
    if (MadeUpText.mayBeBlamedFor(step, before.catalog())) {
      return Optional.of(WalkFinding.madeUpText(call, step));
    }
    return MadeUpNumber.mayBeBlamedFor(
            step,
            before.catalog(),
            (table, column, value) -> database.had(before.rows(), table, column, value))
        ? Optional.of(WalkFinding.madeUpNumber(call, step))
        : Optional.empty();
  }

  private void doubt(Revision revision, String reason) {
    unproved.put(revision.toString(), reason);
    progress.accept(revision + ": not proved with rows, whose values Slipway made up");
  }

  /**
   * Of statements that are not known, nothing is known of their locks, nor of deaths among them.
   */
  private void doubtWhatWasNotSeen(WalkedRevision known) {
    if (known.upgrade().unseen()
        || (known.upgrade().statements().isEmpty() && known.didSomething())) {
      unproved.put(
          known.revision() + ", which sends statements past SQLAlchemy",
          "neither their locks nor what a kill among them leaves can be looked at. Send them by"
              + " `op.execute(…)` or `op.get_bind().execute(…)`.");
    }
  }

  /** What a revision does to rows may be seen on both ways. */
  private boolean isNew(MigrationFinding finding) {
    return findings.stream()
        .noneMatch(
            known -> known.rule() == finding.rule() && known.revision().equals(finding.revision()));
  }

  private DatabaseState stateBelow(Revision revision) {
    return Objects.requireNonNull(below.get(revision.id()));
  }

  /** How many rows a revision's upgrade puts into each table, which its downgrade may take out. */
  private Map<String, Long> madeBy(Revision revision) {
    return walked.stream()
        .filter(known -> known.revision().equals(revision))
        .findFirst()
        .map(WalkedRevision::rowsMade)
        .orElse(Map.of());
  }

  private boolean comesDown(int index) {
    Revision revision = revisions.get(index);
    if (index == revisions.size() - 1) {
      fillAfter("upgrade", index);
    } else {
      fillAfter("downgrade", index + 1);
    }
    DatabaseState up = database.look();
    DatabaseState known = stateBelow(revision);
    Moved moved = database.downgrade(revision, known.versions());
    if (moved.failure().isPresent()) {
      if (MadeUpText.mayBeBlamedFor(moved.step(), up.catalog())) {
        doubt(
            revision,
            WalkFinding.madeUpText(
                "alembic downgrade " + database.history().below(revision), moved.step()));
      } else {
        findings.add(WalkFinding.newRowsStandInTheWay(moved.failure().get()));
      }
      return false;
    }
    DatabaseState down = database.look();
    List<MigrationFinding> found =
        new ArrayList<>(
            CatalogDifference.afterDowngrade(revision, known.catalog(), down.catalog()));
    down.rows()
        .fewerThan(up.rows(), madeBy(revision))
        .forEach(loss -> found.add(WalkFinding.rowsLost(revision, loss)));
    findings.addAll(found.stream().filter(this::isNew).toList());
    return found.isEmpty();
  }
}
