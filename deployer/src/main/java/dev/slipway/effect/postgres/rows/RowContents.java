package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many rows each table has, and what stands in them: a checksum for each column and one for
 * whole rows, in which the order of rows plays no part.
 *
 * @param tables by the table's name as SQL writes it
 * @param next the first transaction that has written none of them
 */
public record RowContents(Map<String, TableContent> tables, long next) {

  private static final String COLUMNS =
      """
      select a.attrelid::regclass::text, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
      from pg_attribute a where a.attnum > 0 and not a.attisdropped order by 1, 2
      """;

  private static final String COLUMN =
      """
      select quote_ident(attname) from pg_attribute
      where attrelid = to_regclass(?) and attname = ? and attnum > 0 and not attisdropped
      """;

  private static final String NEXT_TRANSACTION = "select pg_snapshot_xmax(pg_current_snapshot())";

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
    try (Statement statement = connection.createStatement();
        ResultSet next = statement.executeQuery(NEXT_TRANSACTION)) {
      next.next();
      return read(connection, next.getLong(1), "");
    }
  }

  /** Those of the same rows that nobody has written since. */
  public RowContents untouched(Connection connection) throws SQLException {
    return read(connection, next, " where xmin::text::bigint < " + next);
  }

  /**
   * Whether one of the same rows that nobody has written since has a value.
   *
   * @param table as SQL writes it
   * @param column as the catalog has it
   * @param value as PostgreSQL writes it in a message
   */
  public boolean had(Connection connection, String table, String column, String value)
      throws SQLException {
    String quoted;
    try (PreparedStatement asked = connection.prepareStatement(COLUMN)) {
      asked.setString(1, table);
      asked.setString(2, column);
      try (ResultSet found = asked.executeQuery()) {
        if (!found.next()) {
          return false;
        }
        quoted = found.getString(1);
      }
    }
    try (PreparedStatement asked =
        connection.prepareStatement(
            "select true from %s where xmin::text::bigint < %d and %s is not null and format('%%s', %s) = ? limit 1"
                .formatted(table, next, quoted, quoted))) {
      asked.setString(1, value);
      try (ResultSet found = asked.executeQuery()) {
        return found.next();
      }
    }
  }

  private static RowContents read(Connection connection, long next, String which)
      throws SQLException {
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
          content(connection, table.name() + which, columns.getOrDefault(table.name(), Map.of())));
    }
    return new RowContents(tables, next);
  }

  /** How many rows each table has. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    tables.forEach((name, content) -> counts.put(name, content.rows()));
    return counts;
  }

  private static TableContent content(
      Connection connection, String source, Map<String, String> types) throws SQLException {
    List<String> names = types.keySet().stream().sorted().toList();
    List<String> values =
        names.stream().map(name -> value(name, types.getOrDefault(name, ""))).toList();
    List<String> sums =
        new ArrayList<>(List.of("count(*)", checksum("row(" + String.join(", ", values) + ")")));
    values.forEach(value -> sums.add(checksum(value)));
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select " + String.join(", ", sums) + " from " + source)) {
      row.next();
      Map<String, String> checksums = new TreeMap<>();
      checksums.put("", row.getString(2));
      for (int i = 0; i < names.size(); i++) {
        checksums.put(names.get(i), row.getString(3 + i));
      }
      return new TableContent(row.getLong(1), types, checksums);
    }
  }

  /** A number without a scale of its own may be written with more zeros and be the same. */
  private static String value(String name, String type) {
    return type.equals("numeric")
        ? "case when @::text like '%.%' then rtrim(rtrim(@::text, '0'), '.') else @::text end"
            .replace("@", name)
        : name;
  }

  private static String checksum(String expression) {
    return "coalesce(sum(hashtextextended((" + expression + ")::text, 0)::numeric), 0)::text";
  }

  /**
   * Sentences about what was lost since then; rows of tables that are gone are not counted, nor is
   * a value where there was none.
   *
   * @param untouched those of the rows before that nobody has written since
   */
  public List<String> lossesSince(
      RowContents before, RowContents between, Supplier<RowContents> untouched) {
    Map<String, List<String>> changed = new TreeMap<>();
    before.tables.forEach(
        (name, old) -> {
          TableContent now = tables.get(name);
          if (now != null && now.rows == old.rows) {
            changed.put(name, changed(old, now, between.tables.get(name)));
          }
        });
    List<String> losses = fewerThan(before, Map.of());
    if (changed.values().stream().allMatch(List::isEmpty)) {
      return losses;
    }
    RowContents still = untouched.get();
    changed.forEach(
        (name, columns) ->
            columns.stream()
                .filter(
                    column ->
                        !onlyFilledIn(before.tables.get(name), still.tables.get(name), column))
                .map(
                    column ->
                        column.isEmpty()
                            ? "the rows of " + name + " are put together otherwise"
                            : "column " + name + "." + column + " has other values")
                .forEach(losses::add));
    return losses;
  }

  /** Whether all that stood in a column stands in rows that nobody has written since. */
  private static boolean onlyFilledIn(
      @Nullable TableContent old, @Nullable TableContent untouched, String column) {
    return !column.isEmpty()
        && old != null
        && untouched != null
        && Objects.equals(old.checksums.get(column), untouched.checksums.get(column));
  }

  /** Tables that have more rows than before, with a sentence about that. */
  public Map<String, String> gainsSince(RowContents before) {
    Map<String, String> more = new TreeMap<>();
    before.tables.forEach(
        (name, old) -> {
          TableContent now = tables.get(name);
          if (now != null && now.rows > old.rows) {
            more.put(name, counted(name, now, old));
          }
        });
    return more;
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
            fewer.add(counted(name, now, old));
          }
        });
    return fewer;
  }

  private static String counted(String table, TableContent now, TableContent old) {
    return "table " + table + " has " + now.rows + " rows and had " + old.rows;
  }
}
