package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.StatementLook.SeenTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds in the looks at a step what it kept others from. A lock is held from the statement that
 * takes it until the commit, and whatever is done meanwhile makes that longer.
 */
final class Holds {

  private static final SeenTable NOTHING = new SeenTable(List.of(), 0, 0, 0, 0);

  private final Map<Long, StoredTable> tables;
  private final List<StatementLook> looks;
  private final double end;

  private Holds(ObservedStep step, Map<Long, StoredTable> tables) {
    this.tables = tables;
    this.looks = step.looks();
    this.end = step.result().millis();
  }

  /**
   * The longest of each kind for each table that was there before.
   *
   * @param tables those, by oid
   */
  static List<Hold> of(ObservedStep step, Map<Long, StoredTable> tables) {
    return new Holds(step, tables).of(hold -> true);
  }

  /** Those of them that last until the step ends. */
  static List<Hold> atTheEnd(ObservedStep step, Map<Long, StoredTable> tables) {
    return new Holds(step, tables).of(hold -> hold.until() >= step.result().millis());
  }

  /**
   * How many rows a step reads or writes in its first statements, by table.
   *
   * @param tables those that count, by oid
   * @param last the number of the last such statement
   */
  static Map<String, Long> worked(ObservedStep step, Map<Long, StoredTable> tables, int last) {
    long looks = step.looks().stream().filter(look -> look.statement() <= last).count();
    return new Holds(step, tables).worked(1, (int) looks);
  }

  private List<Hold> of(Predicate<Hold> counts) {
    List<Hold> found = new ArrayList<>();
    tables.keySet().stream()
        .sorted(Comparator.comparing(oid -> tables.getOrDefault(oid, StoredTable.NONE).name()))
        .forEach(oid -> found.addAll(of(oid, counts)));
    return found;
  }

  private List<Hold> of(long oid, Predicate<Hold> counts) {
    List<Hold> found = new ArrayList<>();
    for (Blocked blocked : Blocked.values()) {
      longest(oid, blocked, counts)
          .filter(hold -> found.stream().noneMatch(wider -> wider.from() <= hold.from()))
          .ifPresent(found::add);
    }
    return found;
  }

  private Optional<Hold> longest(long oid, Blocked blocked, Predicate<Hold> counts) {
    List<Hold> found = new ArrayList<>();
    int began = 0;
    for (int i = 1; i <= looks.size(); i++) {
      if (began > 0 && looks.get(i - 1).commits()) {
        found.add(hold(oid, blocked, began, i));
        began = 0;
      }
      boolean held = i < looks.size() && isHeld(oid, blocked, i, began > 0);
      if (held && began == 0) {
        began = i;
      } else if (!held && began > 0) {
        found.add(hold(oid, blocked, began, i));
        began = 0;
      }
    }
    return found.stream().filter(counts).max(Comparator.comparingDouble(Hold::millis));
  }

  private boolean isHeld(long oid, Blocked blocked, int look, boolean already) {
    SeenTable now = at(look, oid);
    return blocked == Blocked.ROWS
        ? !now.modes().isEmpty()
            && (already || more(now.changed(), at(look - 1, oid).changed()) > 0)
        : blocked.isBy(now.modes());
  }

  private Hold hold(long oid, Blocked blocked, int from, int until) {
    StoredTable table = tables.getOrDefault(oid, StoredTable.NONE);
    boolean rewritten = fileAfter(from - 1, oid) != fileAfter(until - 1, oid);
    double last =
        looks.get(until - 1).commits()
            ? looks.get(until - 1).end()
            : until < looks.size() ? looks.get(until).start() : end;
    return new Hold(
        table.name(),
        blocked,
        looks.get(from).statement(),
        looks.get(from).start(),
        last,
        rewritten,
        worked(from, until));
  }

  private Map<String, Long> worked(int from, int until) {
    Map<String, Long> worked = new TreeMap<>();
    for (int i = from; i < until; i++) {
      int look = i;
      tables.forEach(
          (other, stored) -> {
            long rows = more(at(look, other).worked(), at(look - 1, other).worked());
            if (rows > 0) {
              worked.merge(stored.name(), rows, Long::sum);
            }
          });
    }
    return worked;
  }

  /** What holds a table's rows; a look does not tell where that is as it was at first. */
  private long fileAfter(int look, long oid) {
    for (int i = look; i >= 0; i--) {
      if (at(i, oid).file() != 0) {
        return at(i, oid).file();
      }
    }
    return tables.getOrDefault(oid, StoredTable.NONE).file();
  }

  private SeenTable at(int look, long oid) {
    return looks.get(look).tables().getOrDefault(oid, NOTHING);
  }

  /** PostgreSQL may begin to count anew between two transactions. */
  static long more(long now, long before) {
    return now >= before ? now - before : now;
  }
}
