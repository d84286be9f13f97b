package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings every table to a number of rows, by multiplying one that it has, so that it can be
 * measured what a statement costs for each row.
 */
public final class RowMultiplier {

  /**
   * What PostgreSQL does by itself in the background would take locks and time of its own. A
   * temporary table it leaves to the session that made it, which alone may alter it.
   */
  private static final String LEAVE_ALONE =
      """
      do $$ declare t regclass; begin
        for t in select oid from pg_class where relkind = 'r' and relpersistence <> 't' and oid >= 16384
            and not coalesce('autovacuum_enabled=off' = any (reloptions), false) loop
          execute format('alter table %s set (autovacuum_enabled = off)', t);
        end loop; end $$;
      """;

  private final long wanted;
  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, String> left = new TreeMap<>();

  /** One that knows what it did before; for one database. */
  public RowMultiplier(long wanted) {
    this.wanted = wanted;
  }

  /** How many rows each table has, as far as it is known. */
  public Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  /** The tables that take fewer rows, with the reason. */
  public Map<String, String> left() {
    return Map.copyOf(left);
  }

  /** Inserts and commits; triggers do not fire, and references are right without being checked. */
  public void multiply(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(LEAVE_ALONE);
      statement.execute("set session_replication_role = replica");
      Map<String, List<Set<String>>> unique = UniqueColumns.read(connection);
      for (Table table : InsertionOrder.of(TableReader.read(connection))) {
        if (counts.getOrDefault(table.name(), 0L) < wanted) {
          multiply(connection, table, unique.getOrDefault(table.name(), List.of()));
        }
      }
      statement.execute("set session_replication_role = origin");
    }
  }

  private void multiply(Connection connection, Table table, List<Set<String>> unique)
      throws SQLException {
    long present = count(connection, table.name());
    counts.put(table.name(), present);
    if (present == 0 || present >= wanted) {
      return;
    }
    long more = wanted - present;
    String sql = MultipliedRows.sql(table, unique, counts, present, more);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, more);
      long made = statement.executeLargeUpdate();
      counts.put(table.name(), present + made);
      if (made < more) {
        left.put(table.name(), "only " + (present + made) + " different rows could be made");
      }
    } catch (SQLException e) {
      left.put(table.name(), String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("analyze " + table.name());
    }
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + table)) {
      row.next();
      return row.getLong(1);
    }
  }
}
