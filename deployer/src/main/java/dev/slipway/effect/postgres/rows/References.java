package dev.slipway.effect.postgres.rows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chooses which rows a new row refers to. */
final class References {

  private References() {}

  /**
   * Values for all referring columns.
   *
   * @param inserted rows of the tables that were filled before, by table
   * @param siblings rows of this table
   * @param place which row of the table this is: each prefers a parent of its own
   */
  static Map<String, @Nullable String> choose(
      Table table,
      Map<String, List<Map<String, @Nullable String>>> inserted,
      List<Map<String, @Nullable String>> siblings,
      int place)
      throws Unfillable {
    Map<String, @Nullable String> chosen = new HashMap<>();
    for (ForeignKey key : table.foreignKeys()) {
      List<Map<String, @Nullable String>> parents =
          key.target().equals(table.name())
              ? siblings
              : inserted.getOrDefault(key.target(), List.of());
      Optional<Map<String, @Nullable String>> parent = parent(key, parents, chosen, place);
      if (parent.isPresent()) {
        copy(key, parent.get(), chosen);
      } else if (table.mayBeNull(key)) {
        key.columns().stream()
            .filter(name -> table.column(name).map(column -> !column.required()).orElse(false))
            .forEach(name -> chosen.putIfAbsent(name, null));
      } else {
        throw new Unfillable(
            "it refers to "
                + key.target()
                + " by "
                + String.join(", ", key.columns())
                + ", which has no row for it");
      }
    }
    return chosen;
  }

  /** One that agrees with what other references chose for a column that they share. */
  private static Optional<Map<String, @Nullable String>> parent(
      ForeignKey key,
      List<Map<String, @Nullable String>> parents,
      Map<String, @Nullable String> chosen,
      int place) {
    return IntStream.range(0, parents.size())
        .mapToObj(i -> parents.get((i + place) % parents.size()))
        .filter(parent -> agrees(key, parent, chosen))
        .findFirst();
  }

  private static boolean agrees(
      ForeignKey key, Map<String, @Nullable String> parent, Map<String, @Nullable String> chosen) {
    return IntStream.range(0, key.columns().size())
        .allMatch(
            i -> {
              @Nullable String wanted = chosen.get(key.columns().get(i));
              @Nullable String offered = parent.get(key.targetColumns().get(i));
              return offered != null && (wanted == null || Objects.equals(wanted, offered));
            });
  }

  private static void copy(
      ForeignKey key, Map<String, @Nullable String> parent, Map<String, @Nullable String> chosen) {
    for (int i = 0; i < key.columns().size(); i++) {
      chosen.put(key.columns().get(i), parent.get(key.targetColumns().get(i)));
    }
  }
}
