package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.migrations.alembic.Brief;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.Revision;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The revisions applied one by one, the new ones with so many rows in every table that was there
 * before.
 *
 * @param steps what was seen of each, as far as they were applied
 * @param tables the names of all tables that there were; none where it did not end well
 * @param unmeasured what could not be measured, with the reason
 * @param unreached the revisions that were not looked at at all: one that could be applied neither
 *     with rows nor without, and those after it
 */
record ObservedWalk(
    List<Step> steps,
    Set<String> tables,
    Map<String, String> unmeasured,
    List<Revision> unreached) {

  ObservedWalk {
    steps = List.copyOf(steps);
    tables = Set.copyOf(tables);
    unmeasured = Map.copyOf(unmeasured);
    unreached = List.copyOf(unreached);
  }

  /**
   * One revision.
   *
   * @param seen what it did
   * @param database the number of the database in which that was seen, from 0
   * @param filled whether there were rows, which stand in the way of some
   * @param rows how many rows each table had before it
   * @param tables the tables that were there before it
   * @param timeline when it did what
   */
  record Step(
      Revision revision,
      ObservedStep seen,
      int database,
      boolean filled,
      Map<String, Long> rows,
      Map<Long, StoredTable> tables,
      Timeline timeline) {

    List<Hold> holds() {
      return timeline.holds();
    }

    /** Its tables, by the oids that they have where another step was seen. */
    Map<Long, StoredTable> tablesAt(Step other) {
      if (other.database == database) {
        return tables;
      }
      Set<String> names =
          tables.values().stream().map(StoredTable::name).collect(Collectors.toSet());
      Map<Long, StoredTable> known = new TreeMap<>(other.tables);
      known.values().removeIf(table -> !names.contains(table.name()));
      return known;
    }

    Map<String, String> blind() {
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

  /** How many rows each table had before a step, or, where there were none, before a later one. */
  Map<String, Long> rowsFrom(int index) {
    return steps.stream()
        .skip(index)
        .filter(Step::filled)
        .findFirst()
        .map(Step::rows)
        .orElse(Map.of());
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
}
