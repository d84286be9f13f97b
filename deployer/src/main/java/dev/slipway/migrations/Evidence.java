package dev.slipway.migrations;

import dev.slipway.catalog.Catalog;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.FilledDatabase;
import dev.slipway.migrations.alembic.OneAtATime;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.drift.ModelDrift;
import dev.slipway.migrations.lock.LockMeasurement;
import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.retry.Aftermath;
import dev.slipway.migrations.retry.Trials;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.walk.OneTransaction;
import dev.slipway.migrations.walk.RevisionWalk;
import dev.slipway.migrations.walk.WalkOptions;
import dev.slipway.migrations.walk.WalkReport;
import dev.slipway.migrations.walk.WithoutRows;
import dev.slipway.platform.Migrations;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the parts of a check judge by: the revisions are run for it when it is first asked for. */
final class Evidence {

  private static final int SHOWN = 5;
  private static final String TARGET = "the target branch's schema";

  private final Alembic alembic;
  private final Migrations settings;
  private final Beginnings beginnings;
  private final Predicate<Revision> added;
  private final Once<WalkReport> walk;
  private final Once<LockReport> locks;
  private final Once<Upgraded> upgraded;
  private final Once<Optional<Catalog>> withoutRows;

  /**
   * Nothing yet.
   *
   * @param added whether production does not have a revision yet
   * @param progress told what a person would want to read meanwhile
   */
  Evidence(
      Alembic alembic,
      Migrations settings,
      Beginnings beginnings,
      Predicate<Revision> added,
      WalkOptions options,
      Consumer<String> progress) {
    this.alembic = alembic;
    this.settings = settings;
    this.beginnings = beginnings;
    this.added = added;
    List<Revision> revisions = beginnings.revisions();
    this.walk = new Once<>(() -> RevisionWalk.report(beginnings, options, revisions, progress));
    this.locks =
        new Once<>(
            () ->
                LockReport.of(
                    LockMeasurement.of(alembic, beginnings::database, revisions, added, progress),
                    settings));
    this.upgraded = new Once<>(() -> Upgraded.of(alembic, beginnings.database()));
    this.withoutRows = new Once<>(() -> WithoutRows.head(beginnings, revisions));
  }

  /** Every revision up, down and up again. */
  WalkReport walk() {
    return walk.get();
  }

  /** The walk, if anybody asked for it. */
  Optional<WalkReport> walked() {
    return walk.made();
  }

  /** Who waits while they are applied. */
  LockReport locks() {
    return locks.get();
  }

  /** Who waited, if anybody asked. */
  LockReport measured() {
    return locks.made().orElse(LockReport.NONE);
  }

  /** A database to which one {@code alembic upgrade head} has applied what is to be proved. */
  Upgraded upgraded() {
    return upgraded.get();
  }

  /** What runs that go wrong start from, and must come to in the end. */
  Trials trials(Aftermath aftermath) {
    return new Trials(alembic, beginnings::database, walk().revisions(), aftermath);
  }

  /** What one {@code alembic upgrade head} makes otherwise than the walk, which saw a head. */
  List<MigrationFinding> oneTransaction() {
    Catalog head = walk().head().orElseThrow();
    List<MigrationFinding> findings =
        OneTransaction.findings(
            alembic, beginnings.emptyDatabase(), "an empty database", head, withoutRows);
    return findings.isEmpty() && beginnings.revisions().stream().anyMatch(added)
        ? oneTransactionWithRows(head)
        : findings;
  }

  /** What is there only where rows are stored, or only where none is, if that was seen. */
  Optional<String> dependingOnRows() {
    Catalog head = walk().head().orElseThrow();
    return withoutRows.made().flatMap(seen -> seen).flatMap(empty -> difference(head, empty));
  }

  private static Optional<String> difference(Catalog head, Catalog empty) {
    Set<String> labels = new TreeSet<>();
    head.without(empty).forEach(object -> labels.add(object.label()));
    empty.without(head).forEach(object -> labels.add(object.label()));
    head.changedSince(empty).forEach(change -> labels.add(change.now().label()));
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(labels.stream().limit(SHOWN).collect(Collectors.joining(", ")));
  }

  private List<MigrationFinding> oneTransactionWithRows(Catalog head) {
    List<Revision> revisions = beginnings.revisions();
    int known = beginnings.isAll() ? revisionsBelowTheFirstRows() : 0;
    if (known == revisions.size()) {
      return List.of();
    }
    return OneTransaction.findingsWithRows(
            alembic,
            () -> FilledDatabase.of(alembic, beginnings.database(), revisions.subList(0, known)),
            (known == 0 ? TARGET : "revision " + revisions.get(known - 1)) + " with rows",
            revisions.subList(known, revisions.size()),
            head)
        .orElseGet(
            () ->
                beginnings.isAll()
                    ? List.of()
                    : OneTransaction.findings(
                        alembic, beginnings.database(), TARGET, head, withoutRows));
  }

  /** Before the first that production does not have, but never where no table can be there yet. */
  private int revisionsBelowTheFirstRows() {
    int known = 0;
    while (!added.test(beginnings.revisions().get(known))) {
      known++;
    }
    return Math.max(1, known);
  }

  /** Whether it is a database like the one that was walked. */
  boolean comesToTheWalkedHead(Upgraded done) {
    return done.aftermath().map(Aftermath::head).equals(walk().head());
  }

  /**
   * What the models want otherwise than a database at the head has it, which need not be reached by
   * one call of alembic.
   */
  List<MigrationFinding> drift() {
    Database database = upgraded().database();
    if (upgraded().aftermath().isEmpty()) {
      database = beginnings.database();
      Optional<StepResult> failure = OneAtATime.apply(alembic, database, beginnings.revisions());
      if (failure.isPresent()) {
        return List.of(NotChecked.of(Part.DRIFT.words(), failure.get().error()));
      }
    }
    return ModelDrift.findings(alembic, database, settings.knownDrift());
  }
}
