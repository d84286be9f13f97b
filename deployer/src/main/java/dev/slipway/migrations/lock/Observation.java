package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Walks over the revisions with so many rows in every table. One that rows stand in the way of is
 * looked at in a new database without any, and those after it with rows again.
 */
final class Observation {

  private static final int NONE = -1;

  private final Alembic alembic;
  private final Supplier<Database> databases;
  private final List<Revision> revisions;
  private final Predicate<Revision> added;
  private final long rows;
  private final RowFiller filler = new RowFiller();
  private final List<ObservedWalk.Step> steps = new ArrayList<>();
  private final Set<String> tables = new TreeSet<>();
  private final Map<String, String> unmeasured = new TreeMap<>();
  private int unreached;
  private int begun;

  private Observation(
      Alembic alembic,
      Supplier<Database> databases,
      List<Revision> revisions,
      Predicate<Revision> added,
      long rows) {
    this.alembic = alembic;
    this.databases = databases;
    this.revisions = revisions;
    this.added = added;
    this.rows = rows;
    this.unreached = revisions.size();
  }

  /**
   * Walks.
   *
   * @param databases new ones, to which just those revisions are applied that these stand on
   * @param added whether production does not have a revision yet: only those are looked at
   */
  static ObservedWalk walk(
      Alembic alembic,
      Supplier<Database> databases,
      List<Revision> revisions,
      Predicate<Revision> added,
      long rows) {
    return new Observation(alembic, databases, revisions, added, rows).walk();
  }

  private ObservedWalk walk() {
    int failing = NONE;
    do {
      try (ObservedDatabase database =
          ObservedDatabase.of(alembic, begun++, databases.get(), rows)) {
        failing =
            failing == NONE || passesWithoutRows(database, failing)
                ? goOn(database, failing + 1)
                : NONE;
        tables.addAll(database.tables());
        database.left().forEach((table, why) -> unmeasured.put("table " + table, why));
      }
    } while (failing != NONE);
    filler.unfilled().forEach((table, why) -> unmeasured.put("table " + table, why));
    boolean complete = unreached == revisions.size();
    return new ObservedWalk(
        steps,
        complete ? tables : Set.of(),
        unmeasured,
        revisions.subList(unreached, revisions.size()));
  }

  /** Walks on as far as rows let it, and tells which revision fails with them, if one does. */
  private int goOn(ObservedDatabase database, int first) {
    for (int i = first; i < revisions.size(); i++) {
      Revision revision = revisions.get(i);
      if (!added.test(revision) && database.up(revision)) {
        continue;
      }
      database.fill(filler);
      ObservedWalk.Step step = database.observe(revision);
      if (!step.seen().result().done()) {
        unmeasured.put(
            "revision " + revision,
            "with "
                + rows
                + " rows in each table it fails, and was looked at without any: "
                + told(step.seen().result()));
        return i;
      }
      add(step);
    }
    return NONE;
  }

  /** Whether a revision that failed with rows, and all before it, can be applied without any. */
  private boolean passesWithoutRows(ObservedDatabase database, int failing) {
    for (int i = 0; i < failing; i++) {
      if (!database.up(revisions.get(i))) {
        return ends(failing, revisions.get(i) + " fails on empty tables");
      }
    }
    ObservedWalk.Step step = database.observe(revisions.get(failing));
    if (!step.seen().result().done()) {
      return ends(failing, "without rows it fails, too: " + told(step.seen().result()));
    }
    add(step);
    return true;
  }

  private boolean ends(int failing, String why) {
    unmeasured.merge(
        "revision " + revisions.get(failing), why, (known, also) -> known + "; " + also);
    revisions
        .subList(failing + 1, revisions.size())
        .forEach(
            later ->
                unmeasured.put("revision " + later, "it stands on " + revisions.get(failing).id()));
    unreached = failing;
    return false;
  }

  private void add(ObservedWalk.Step step) {
    steps.add(step);
    unmeasured.putAll(step.blind());
    step.tables().values().forEach(table -> tables.add(table.name()));
  }

  private static String told(StepResult failed) {
    return failed.error().lines().findFirst().orElse("");
  }
}
