package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.Canaries;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.LockWait;
import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.effect.postgres.rows.RowMultiplier;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Brief;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.Walker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The revisions applied one by one, the new ones with so many rows in every table that was there
 * before.
 *
 * @param steps what was seen of each, as far as they went well
 * @param tables the names of all tables that there were; none where it did not end well
 * @param unmeasured what could not be measured, with the reason
 */
record ObservedWalk(List<Step> steps, Set<String> tables, Map<String, String> unmeasured) {

  private static final Duration STEP = Duration.ofMinutes(2);

  /**
   * A limit that nobody would set, which shows where the project's own code sets another one; a
   * limit of the database yields to every other.
   */
  static final long NOBODYS_LOCK_TIMEOUT = 3_600_007;

  /** Otherwise what is counted and how long it takes would depend on how busy the machine is. */
  private static final String WITHOUT_HELPERS =
      "do $$ begin execute format('alter database %I set max_parallel_workers_per_gather = 0', current_database());"
          + " execute format('alter database %I set max_parallel_maintenance_workers = 0', current_database());"
          + " execute format('alter database %I set lock_timeout = "
          + NOBODYS_LOCK_TIMEOUT
          + "', current_database()); end $$";

  ObservedWalk {
    steps = List.copyOf(steps);
    tables = Set.copyOf(tables);
    unmeasured = Map.copyOf(unmeasured);
  }

  /**
   * One revision.
   *
   * @param rows how many rows each table had before it
   * @param tables the tables that were there before it
   * @param timeline when it did what
   */
  record Step(
      Revision revision,
      ObservedStep seen,
      Map<String, Long> rows,
      Map<Long, StoredTable> tables,
      Timeline timeline) {

    List<Hold> holds() {
      return timeline.holds();
    }

    private Map<String, String> blind() {
      Map<String, String> blind = new TreeMap<>();
      for (int number : seen.blind()) {
        blind.put(
            "the locks of `"
                + Brief.of(seen.result().statements().get(number - 1))
                + "` of revision "
                + revision,
            "PostgreSQL runs it in no transaction, where they would be seen.");
      }
      return blind;
    }
  }

  /**
   * Walks.
   *
   * @param database one to which just those revisions are applied that these stand on
   */
  static ObservedWalk of(
      Alembic alembic,
      Database database,
      List<Revision> revisions,
      Predicate<Revision> added,
      long rows) {
    List<Step> steps = new ArrayList<>();
    Set<String> tables = new TreeSet<>();
    Map<String, String> unmeasured = new TreeMap<>();
    boolean complete = true;
    RowFiller filler = new RowFiller();
    RowMultiplier multiplier = new RowMultiplier(rows);
    try (DatabaseSession session = database.open()) {
      session.execute(WITHOUT_HELPERS);
      session.execute(StatementLook.PREPARATION);
      try (Walker walker = Walker.start(alembic, database, STEP)) {
        for (Revision revision : revisions) {
          if (!added.test(revision) && walker.up(revision).done()) {
            continue;
          }
          session.fill(filler);
          session.multiply(multiplier);
          Step step = step(walker, session, revision, multiplier.counts());
          if (!step.seen().result().done()) {
            unmeasured.put(
                "revision " + revision,
                "with " + rows + " rows in each table it fails: " + step.seen().result().error());
            complete = false;
            break;
          }
          steps.add(step);
          step.blind().forEach(unmeasured::put);
          step.tables().values().forEach(table -> tables.add(table.name()));
        }
      }
      session.tables().values().forEach(table -> tables.add(table.name()));
    }
    multiplier.left().forEach((table, why) -> unmeasured.put("table " + table, why));
    filler.unfilled().forEach((table, why) -> unmeasured.put("table " + table, why));
    return new ObservedWalk(steps, complete ? tables : Set.of(), unmeasured);
  }

  /**
   * Whether a lock is held while rows are read or written, so that more rows may make a difference.
   */
  boolean worksUnderALock() {
    return Stream.concat(
            steps.stream().flatMap(step -> step.holds().stream()),
            IntStream.range(0, steps.size())
                .boxed()
                .flatMap(index -> Kept.of(steps, index).stream())
                .map(Kept::hold))
        .anyMatch(hold -> !hold.worked().isEmpty());
  }

  private static Step step(
      Walker walker, DatabaseSession session, Revision revision, Map<String, Long> rows) {
    Map<Long, StoredTable> tables = session.tables();
    Canaries canaries = Canaries.of(session.database(), tables.values());
    List<LockWait> waits = List.of();
    ObservedStep seen;
    try {
      seen = walker.observe(revision);
    } finally {
      waits = canaries.home();
    }
    Timeline timeline = seen.result().done() ? Timeline.of(seen, tables, waits) : Timeline.NOTHING;
    return new Step(revision, seen, rows, tables, timeline);
  }
}
