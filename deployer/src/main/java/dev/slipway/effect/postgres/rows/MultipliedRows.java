package dev.slipway.effect.postgres.rows;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statement that multiplies the rows of one table: copies of one row, which refer to many rows
 * and differ wherever nothing forbids that.
 */
final class MultipliedRows {

  /** What is long enough for a number and some letters. */
  private static final int LENGTH = 12;

  private final Table table;
  private final Map<String, Long> counts;
  private final long present;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final StringBuilder sources = new StringBuilder();
  private boolean refersToADifferentRowEachTime;

  private MultipliedRows(Table table, Map<String, Long> counts, long present) {
    this.table = table;
    this.counts = counts;
    this.present = present;
  }

  /**
   * The statement; its only parameter is how many rows are to come.
   *
   * @param unique the sets of columns that must differ together
   * @param counts how many rows the tables have that it refers to
   * @param present how many rows it has itself
   * @param more how many are to come
   */
  static String sql(
      Table table, List<Set<String>> unique, Map<String, Long> counts, long present, long more) {
    MultipliedRows rows = new MultipliedRows(table, counts, present);
    rows.refer(more);
    rows.vary(unique);
    return rows.sql();
  }

  private void refer(long more) {
    List<ForeignKey> keys =
        table.foreignKeys().stream()
            .sorted(Comparator.comparingInt((ForeignKey key) -> -key.columns().size()))
            .toList();
    for (ForeignKey key : keys) {
      long parents = counts.getOrDefault(key.target(), 0L);
      if (parents > 0
          && !key.target().equals(table.name())
          && key.columns().stream().noneMatch(values::containsKey)) {
        refer(key, parents);
        refersToADifferentRowEachTime |= values.size() == key.columns().size() && parents >= more;
      }
    }
  }

  /** The first reference goes through its rows one by one, each further one a step more slowly. */
  private void refer(ForeignKey key, long parents) {
    String alias = "p" + values.size();
    String place = values.isEmpty() ? "g.n" : "g.n + g.n / " + parents;
    for (int i = 0; i < key.columns().size(); i++) {
      values.put(key.columns().get(i), alias + ".c" + i);
    }
    StringBuilder columns = new StringBuilder();
    for (int i = 0; i < key.targetColumns().size(); i++) {
      columns
          .append(Column.quote(key.targetColumns().get(i)))
          .append(" as c")
          .append(i)
          .append(", ");
    }
    sources.append(
        " join (select %srow_number() over () - 1 as place from %s) %s on %s.place = (%s) %% %d"
            .formatted(columns, key.target(), alias, alias, place, parents));
  }

  private void vary(List<Set<String>> unique) {
    Set<String> referring = refersToADifferentRowEachTime ? Set.copyOf(values.keySet()) : Set.of();
    Set<String> checked =
        table.checks().stream()
            .flatMap(check -> check.columns().stream())
            .collect(Collectors.toSet());
    for (Column column : table.columns()) {
      if (!values.containsKey(column.name()) && !checked.contains(column.name())) {
        varied(column).ifPresent(value -> values.put(column.name(), value));
      }
    }
    for (Set<String> set : unique) {
      boolean differs =
          set.stream()
              .anyMatch(
                  name ->
                      referring.contains(name)
                          || table.column(name).map(Column::defaulted).orElse(true)
                          || values.getOrDefault(name, "").contains("g.n"));
      if (!differs) {
        table.columns().stream()
            .filter(column -> set.contains(column.name()) && checked.contains(column.name()))
            .findFirst()
            .ifPresent(
                column -> varied(column).ifPresent(value -> values.put(column.name(), value)));
      }
    }
  }

  /** A value that differs in each row, for the types that have many. */
  private Optional<String> varied(Column column) {
    String name = "s." + column.quoted();
    if (column.array() || column.defaulted()) {
      return Optional.empty();
    }
    return switch (column.base()) {
      case "int4", "int8" -> Optional.of(name + " + g.n + " + present);
      case "text" -> Optional.of("to_hex(g.n + " + present + ") || '-' || " + name);
      case "varchar", "bpchar" ->
          column.modifier() >= 0 && column.modifier() - 4 < LENGTH
              ? Optional.empty()
              : Optional.of(
                  "left(to_hex(g.n + %d) || '-' || %s, %d)"
                      .formatted(
                          present, name, column.modifier() < 0 ? 1_000 : column.modifier() - 4));
      case "uuid" -> Optional.of("md5(random()::text || g.n)::uuid");
      case "timestamp", "timestamptz" -> Optional.of(name + " + g.n * interval '1 second'");
      default -> Optional.empty();
    };
  }

  private String sql() {
    List<Column> columns =
        table.columns().stream()
            .filter(column -> !column.defaulted() || values.containsKey(column.name()))
            .toList();
    if (columns.isEmpty()) {
      return "insert into %s select from generate_series(1, ?::bigint)".formatted(table.name());
    }
    String names = columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
    String taken =
        columns.stream()
            .map(
                column ->
                    "(%s)::%s"
                        .formatted(
                            values.getOrDefault(column.name(), "s." + column.quoted()),
                            column.type()))
            .collect(Collectors.joining(", "));
    return "insert into %s (%s) select %s from (select * from %s limit 1) s cross join generate_series(0, ?::bigint - 1) g(n)%s on conflict do nothing"
        .formatted(table.name(), names, taken, table.name(), sources);
  }
}
