package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many rows each table has, and what stands in them: a checksum for each column and one for
 * whole rows, in which the order of rows plays no part.
 *
 * @param tables by the table's name as SQL writes it
 */
public record RowContents(Map<String, TableContent> tables) {

  private static final String COLUMNS =
      """
      select a.attrelid::regclass::text, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
      from pg_attribute a where a.attnum > 0 and not a.attisdropped order by 1, 2
      """;

  /** Copies. */
  public RowContents {
    tables = Map.copyOf(tables);
  }

  /**
   * One table's rows.
   *
   * @param rows how many
   * @param types the columns with their types
   * @param checksums by column; the whole row under the empty name
   */
  public record TableContent(long rows, Map<String, String> types, Map<String, String> checksums) {

    /** Copies. */
    public TableContent {
      types = Map.copyOf(types);
      checksums = Map.copyOf(checksums);
    }
  }

  /** Reads every table that a platform has. */
  public static RowContents read(Connection connection) throws SQLException {
    Map<String, Map<String, String>> columns = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        columns
            .computeIfAbsent(rows.getString(1), table -> new TreeMap<>())
            .put(rows.getString(2), rows.getString(3));
      }
    }
    Map<String, TableContent> tables = new TreeMap<>();
    for (Table table : TableReader.read(connection)) {
      tables.put(
          table.name(),
          content(connection, table.name(), columns.getOrDefault(table.name(), Map.of())));
    }
    return new RowContents(tables);
  }

  /** How many rows each table has. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    tables.forEach((name, content) -> counts.put(name, content.rows()));
    return counts;
  }

  private static TableContent content(
      Connection connection, String table, Map<String, String> types) throws SQLException {
    List<String> names = types.keySet().stream().sorted().toList();
    List<String> sums =
        new ArrayList<>(List.of("count(*)", checksum("row(" + String.join(", ", names) + ")")));
    names.forEach(name -> sums.add(checksum(name)));
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select " + String.join(", ", sums) + " from " + table)) {
      row.next();
      Map<String, String> checksums = new TreeMap<>();
      checksums.put("", row.getString(2));
      for (int i = 0; i < names.size(); i++) {
        checksums.put(names.get(i), row.getString(3 + i));
      }
      return new TableContent(row.getLong(1), types, checksums);
    }
  }

  private static String checksum(String expression) {
    return "coalesce(sum(hashtextextended((" + expression + ")::text, 0)::numeric), 0)::text";
  }

  /** Sentences about what was lost since then; rows of tables that are gone are not counted. */
  public List<String> lossesSince(RowContents before, RowContents between) {
    List<String> losses = new ArrayList<>();
    before.tables.forEach(
        (name, old) -> {
          TableContent now = tables.get(name);
          if (now == null) {
            return;
          }
          if (now.rows != old.rows) {
            losses.add("table " + name + " has " + now.rows + " rows and had " + old.rows);
            return;
          }
          changed(old, now, between.tables.get(name)).stream()
              .map(
                  column ->
                      column.isEmpty()
                          ? "the rows of " + name + " are put together otherwise"
                          : "column " + name + "." + column + " has other values")
              .forEach(losses::add);
        });
    return losses;
  }

  private static List<String> changed(
      TableContent old, TableContent now, @Nullable TableContent between) {
    List<String> changed =
        old.types.keySet().stream()
            .sorted()
            .filter(column -> Objects.equals(old.types.get(column), now.types.get(column)))
            .filter(column -> !Objects.equals(old.checksums.get(column), now.checksums.get(column)))
            .toList();
    if (changed.isEmpty()
        && old.types.equals(now.types)
        && !Objects.equals(old.checksums.get(""), now.checksums.get(""))) {
      return List.of("");
    }
    return between == null ? changed : changed.stream().filter(between.types::containsKey).toList();
  }

  /**
   * Tables that have fewer rows than before.
   *
   * @param expected how many may be missing, by table
   */
  public List<String> fewerThan(RowContents before, Map<String, Long> expected) {
    List<String> fewer = new ArrayList<>();
    before.tables.forEach(
        (name, old) -> {
          TableContent now = tables.get(name);
          if (now != null && now.rows < old.rows - expected.getOrDefault(name, 0L)) {
            fewer.add("table " + name + " has " + now.rows + " rows and had " + old.rows);
          }
        });
    return fewer;
  }
}
