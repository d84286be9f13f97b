package dev.slipway.effect.postgres.rows;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Orders tables so that what is referred to comes first. */
final class InsertionOrder {

  private InsertionOrder() {}

  /** In a cycle, the table whose references may be null comes first; without one, any. */
  static List<Table> of(List<Table> tables) {
    List<Table> left = new ArrayList<>(tables);
    Set<String> placed = new LinkedHashSet<>();
    List<Table> order = new ArrayList<>();
    while (!left.isEmpty()) {
      Table next =
          first(left, table -> waitsFor(table, placed, false))
              .or(() -> first(left, table -> waitsFor(table, placed, true)))
              .orElse(left.get(0));
      left.remove(next);
      placed.add(next.name());
      order.add(next);
    }
    return order;
  }

  private static Optional<Table> first(List<Table> left, Predicate<Table> waits) {
    return left.stream().filter(waits.negate()).findFirst();
  }

  private static boolean waitsFor(Table table, Set<String> placed, boolean onlyRequired) {
    return table.foreignKeys().stream()
        .filter(key -> !key.target().equals(table.name()))
        .filter(key -> !onlyRequired || !table.mayBeNull(key))
        .anyMatch(key -> !placed.contains(key.target()));
  }
}
