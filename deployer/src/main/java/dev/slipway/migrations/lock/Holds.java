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
    Holds holds = new Holds(step, tables);
    List<Hold> found = new ArrayList<>();
    tables.keySet().stream()
        .sorted(Comparator.comparing(oid -> tables.getOrDefault(oid, StoredTable.NONE).name()))
        .forEach(oid -> found.addAll(holds.of(oid)));
    return found;
  }

  private List<Hold> of(long oid) {
    List<Hold> found = new ArrayList<>();
    for (Blocked blocked : Blocked.values()) {
      longest(oid, blocked)
          .filter(hold -> found.stream().noneMatch(wider -> wider.from() <= hold.from()))
          .ifPresent(found::add);
    }
    return found;
  }

  private Optional<Hold> longest(long oid, Blocked blocked) {
    List<Hold> found = new ArrayList<>();
    int began = 0;
    for (int i = 1; i <= looks.size(); i++) {
      boolean held = i < looks.size() && isHeld(oid, blocked, i, began > 0);
      if (held && began == 0) {
        began = i;
      } else if (!held && began > 0) {
        found.add(hold(oid, blocked, began, i));
        began = 0;
      }
    }
    return found.stream().max(Comparator.comparingDouble(Hold::millis));
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
    boolean rewritten = false;
    Map<String, Long> worked = new TreeMap<>();
    for (int i = from; i < until; i++) {
      int look = i;
      long file = at(i, oid).file();
      rewritten |= file != 0 && file != table.file();
      tables.forEach(
          (other, stored) -> {
            long rows = more(at(look, other).worked(), at(look - 1, other).worked());
            if (rows > 0) {
              worked.merge(stored.name(), rows, Long::sum);
            }
          });
    }
    double last = until < looks.size() ? looks.get(until).start() : end;
    return new Hold(
        table.name(),
        blocked,
        looks.get(from).statement(),
        looks.get(from).start(),
        last,
        rewritten,
        worked);
  }

  private SeenTable at(int look, long oid) {
    return looks.get(look).tables().getOrDefault(oid, NOTHING);
  }

  /** PostgreSQL may begin to count anew between two transactions. */
  static long more(long now, long before) {
    return now >= before ? now - before : now;
  }
}
