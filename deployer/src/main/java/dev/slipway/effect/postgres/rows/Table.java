package dev.slipway.effect.postgres.rows;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table that rows are made for.
 *
 * @param name its name as SQL writes it
 * @param columns what it holds, without what the database fills in itself
 * @param foreignKeys what it refers to
 * @param checks what it refuses
 * @param unique the columns of which no two rows may have the same value
 */
record Table(
    String name,
    List<Column> columns,
    List<ForeignKey> foreignKeys,
    List<CheckRule> checks,
    Set<String> unique) {

  Table {
    columns = List.copyOf(columns);
    foreignKeys = List.copyOf(foreignKeys);
    checks = List.copyOf(checks);
    unique = Set.copyOf(unique);
  }

  Optional<Column> column(String columnName) {
    return columns.stream().filter(column -> column.name().equals(columnName)).findFirst();
  }

  boolean mayBeNull(ForeignKey key) {
    return key.columns().stream()
        .anyMatch(name -> column(name).map(c -> !c.required()).orElse(false));
  }
}
