package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Changes and deletes a row where triggers watch that, and takes it back. */
final class RowChanges {

  private static final String TRIGGERED =
      """
      select tgrelid::regclass::text, bool_or(tgtype & 16 <> 0), bool_or(tgtype & 8 <> 0)
      from pg_trigger where not tgisinternal and tgenabled <> 'D' and tgtype & 24 <> 0 group by tgrelid
      """;

  private final Map<String, String> refused = new TreeMap<>();
  private final Set<String> known = new HashSet<>();
  private boolean begun;

  /**
   * The tables whose triggers fail in the last call and did not in those before, with the error.
   */
  Map<String, String> newlyRefused() {
    return Map.copyOf(refused);
  }

  /** Tries the tables, of which the first call knows nothing from before. */
  void attempt(Connection connection, Map<String, Table> tables) throws SQLException {
    refused.clear();
    Set<String> failing = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet triggered = statement.executeQuery(TRIGGERED)) {
      while (triggered.next()) {
        Table table = tables.get(triggered.getString(1));
        if (table != null && triggered.getBoolean(2) && !table.columns().isEmpty()) {
          attempt(connection, table, "UPDATE", update(table), failing);
        }
        if (table != null && triggered.getBoolean(3)) {
          attempt(connection, table, "DELETE", "delete from " + table.name(), failing);
        }
      }
    }
    known.retainAll(failing);
    begun = true;
  }

  private static String update(Table table) {
    return "update %s set %s"
        .formatted(
            table.name(),
            table.columns().stream()
                .map(column -> column.quoted() + " = " + column.quoted())
                .collect(Collectors.joining(", ")));
  }

  private void attempt(
      Connection connection, Table table, String verb, String sql, Set<String> failing)
      throws SQLException {
    String row = " where ctid = (select ctid from " + table.name() + " limit 1)";
    try (Statement statement = connection.createStatement()) {
      statement.execute("savepoint changed; " + sql + row);
    } catch (SQLException e) {
      if (RowFiller.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      String change = verb + " " + table.name();
      if (isBroken(e, table)) {
        failing.add(change);
        if (known.add(change) && begun) {
          refused.putIfAbsent(
              table.name(), "refuses every " + verb + ": " + Refusal.of(e, table).getMessage());
        }
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback to savepoint changed; release savepoint changed");
    }
  }

  /** Whether a function names what is not there; what it forbids on purpose says otherwise. */
  private static boolean isBroken(SQLException refusal, Table table) {
    return Refusal.of(refusal, table).kind() == Unfillable.Kind.CLOSED
        && String.valueOf(refusal.getSQLState()).startsWith("42")
        && !"42501".equals(refusal.getSQLState());
  }
}
