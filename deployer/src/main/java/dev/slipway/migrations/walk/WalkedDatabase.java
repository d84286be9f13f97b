package dev.slipway.migrations.walk;

import dev.slipway.SlipwayException;
import dev.slipway.effect.postgres.CatalogWatch;
import dev.slipway.effect.postgres.Look;
import dev.slipway.effect.postgres.Unfinished;
import dev.slipway.effect.postgres.rows.RowContents;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.effect.postgres.rows.Seeded;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Revision.WayBack;
import dev.slipway.migrations.alembic.SeenStep;
import dev.slipway.migrations.alembic.Step;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.alembic.WatchedWalker;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A database that is moved one revision at a time, and exchanged when a revision spoils it. */
final class WalkedDatabase implements AutoCloseable {

  private static final RowContents NO_ROWS = new RowContents(Map.of(), 0);

  /** By how many steps alembic may be ahead: enough for it never to wait. */
  private static final int FARTHEST = 12;

  private final Beginnings beginnings;
  private final Checkpoints checkpoints;
  private final WalkOptions options;
  private final RowFiller rows = new RowFiller();
  private WatchedWalker opened;
  private @Nullable Look latest;
  private @Nullable DatabaseState seen;
  private Itinerary itinerary = Itinerary.UNKNOWN;
  private boolean sawEverything = true;

  WalkedDatabase(Beginnings beginnings, WalkOptions options) {
    this.beginnings = beginnings;
    this.checkpoints = new Checkpoints(beginnings);
    this.options = options;
    this.opened = beginnings.walker();
  }

  History history() {
    return opened.walker().history();
  }

  WayBack wayBack(Revision revision) {
    return opened.walker().wayBack(revision);
  }

  /** Tells of the steps that will be taken one after the other, with nothing else in between. */
  void expect(Itinerary steps) {
    itinerary = options.rows() || options.everyLookComplete() ? Itinerary.UNKNOWN : steps;
  }

  /**
   * Applies one revision.
   *
   * @return what it did, and why it was not applied if it was not
   */
  Moved upgrade(Step up, Set<String> wanted) {
    StepResult step = take(up);
    return new Moved(
        step, WalkFinding.upgradeFailure(up.revision(), step, wanted, latest().versions()));
  }

  /**
   * Takes one revision back.
   *
   * @return what it did, and why it was not taken back if it was not
   */
  Moved downgrade(Revision revision, Set<String> wanted) {
    StepResult step = take(Step.down(revision));
    Set<String> versions = latest().versions();
    return new Moved(
        step,
        WalkFinding.downgradeFailure(
            revision, history().below(revision), step, () -> wayBack(revision), wanted, versions));
  }

  /**
   * A look is taken where alembic could not, and at rest where it is compared with all there is.
   */
  private StepResult take(Step step) {
    CatalogWatch watch = opened.watch();
    SeenStep taken =
        opened
            .walker()
            .take(
                step,
                itinerary.after(step, FARTHEST),
                each ->
                    options.everyLookComplete()
                        ? Optional.empty()
                        : Optional.of(watch.question(Step.up(each.revision()).equals(each))));
    forget();
    taken.seen().ifPresent(seen -> latest = watch.look(seen, !opened.walker().isAhead()));
    return taken.result();
  }

  /** What became of a step. */
  record Moved(StepResult step, Optional<MigrationFinding> failure) {}

  /** Work that was begun and not ended, and locks that are held. */
  List<Unfinished> leftOpen() {
    return latest().unfinished().orElseGet(() -> opened.session().leftOpen());
  }

  /** Those locks that env.py takes before the first step, for the whole run. */
  List<Unfinished> advisoryLocksOfTheRun() {
    opened.walker().open();
    return opened.session().advisoryLocks();
  }

  /**
   * Puts rows into every table.
   *
   * @return the tables that took some before and refuse them now, with the refusal
   */
  Map<String, String> fill() {
    if (!options.rows()) {
      return Map.of();
    }
    opened.session().fill(rows);
    forget();
    return rows.newlyRefused();
  }

  /** The new tables that the last filling found to come with rows in their own way. */
  Map<String, Seeded> seeded() {
    return rows.seeded();
  }

  /** Tables that took no row, with the reason. */
  Map<String, String> unfilled() {
    return rows.unfilled();
  }

  /** What it holds now; it is looked at only when something was done since the last time. */
  DatabaseState look() {
    DatabaseState known = seen;
    if (known == null) {
      Look look = latest();
      RowContents contents = options.rows() ? opened.session().rows() : NO_ROWS;
      known = new DatabaseState(look.versions(), look.catalog(), contents);
      seen = known;
    }
    return known;
  }

  /** Those of the rows that it held then which nobody has written since. */
  RowContents untouched(RowContents then) {
    return options.rows() ? opened.session().untouched(then) : NO_ROWS;
  }

  /** Whether one of the rows that it held then, and that nobody has written since, has a value. */
  boolean had(RowContents then, String table, String column, String value) {
    return options.rows() && opened.session().had(then, table, column, value);
  }

  /** Whether triggers of other tables write into a table. */
  boolean triggersWriteInto(String table) {
    return opened.session().triggersWriteInto(table);
  }

  private void forget() {
    latest = null;
    seen = null;
  }

  private Look latest() {
    Look known = latest;
    if (known == null) {
      known = options.everyLookComplete() ? opened.session().look() : opened.watch().look();
      latest = known;
    }
    return known;
  }

  /** Whether nothing was changed that the looks did not see. */
  boolean sawEverything() {
    return sawEverything && (options.everyLookComplete() || opened.watch().sawEverything());
  }

  /** What is found wrong counts only where a complete look sees the same. */
  private boolean seesAll(WatchedWalker watched) {
    if (options.everyLookComplete()) {
      return true;
    }
    List<SeenStep> ahead = watched.walker().settle();
    for (int i = 0; i < ahead.size(); i++) {
      boolean last = i == ahead.size() - 1;
      ahead.get(i).seen().ifPresent(seen -> watched.watch().look(seen, last));
    }
    return watched.watch().sawEverything();
  }

  /** Goes on with a new database to which just these of the walked revisions are applied. */
  void startAfreshAt(List<Revision> applied) {
    Walker walker = opened.walker();
    sawEverything &= seesAll(opened);
    opened.session().close();
    OptionalInt known =
        walker.rest()
            ? checkpoints.restore(walker.database(), applied.size())
            : OptionalInt.empty();
    if (known.isEmpty()) {
      walker.close();
      walker = beginnings.unwatched();
    }
    apply(walker, applied.subList(known.orElse(0), applied.size()));
    if (walker.rest()) {
      checkpoints.keep(walker.database(), applied.size());
    }
    opened = WatchedWalker.of(walker);
    rows.startAfresh();
    forget();
  }

  private static void apply(Walker walker, List<Revision> revisions) {
    for (Revision revision : revisions) {
      StepResult step = walker.up(revision);
      if (!step.done()) {
        walker.close();
        throw SlipwayException.refused(
            "`alembic upgrade "
                + revision.id()
                + "` fails on a database without rows, though not with some:\n"
                + step.traceback(),
            "Let the revision work on empty tables too.");
      }
    }
  }

  @Override
  public void close() {
    opened.close();
  }
}
