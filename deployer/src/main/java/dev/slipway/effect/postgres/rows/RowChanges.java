package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
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
          update(connection, table, failing);
        }
        if (table != null && triggered.getBoolean(3)) {
          attempt(connection, "delete from " + table.name(), table)
              .filter(refusal -> isBroken(refusal, table))
              .ifPresent(refusal -> broken(table, "DELETE", "every DELETE", refusal, failing));
        }
      }
    }
    known.retainAll(failing);
    begun = true;
  }

  /** A trigger may look whether an UPDATE changes anything, and do nothing where it does not. */
  private void update(Connection connection, Table table, Set<String> failing) throws SQLException {
    Optional<SQLException> same =
        attempt(connection, update(table, unchanged(table)), table)
            .filter(refusal -> isBroken(refusal, table));
    if (same.isPresent()) {
      broken(table, "UPDATE", "every UPDATE", same.get(), failing);
      return;
    }
    Optional<SQLException> other = changed(connection, table);
    if (other.isPresent()) {
      broken(table, "UPDATE", "an UPDATE that changes a value", other.get(), failing);
    }
  }

  private static String unchanged(Table table) {
    return table.columns().stream()
        .map(column -> column.quoted() + " = " + column.quoted())
        .collect(Collectors.joining(", "));
  }

  /** All columns at once where a row takes that, else one after the other. */
  private static Optional<SQLException> changed(Connection connection, Table table)
      throws SQLException {
    RowChange change = RowChange.of(connection, table);
    Optional<SQLException> together =
        change.together().isEmpty()
            ? Optional.empty()
            : attempt(connection, update(table, String.join(", ", change.together())), table);
    if (together.isPresent() && isBrokenWhateverIsWritten(together.get(), table)) {
      return together;
    }
    for (String each : together.isPresent() ? change.oneByOne() : change.alone()) {
      Optional<SQLException> refusal =
          attempt(connection, update(table, each), table)
              .filter(found -> isBrokenWhateverIsWritten(found, table));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static String update(Table table, String assignments) {
    return "update %s set %s".formatted(table.name(), assignments);
  }

  /** Why the first row does not take a change, which is taken back where it does. */
  private static Optional<SQLException> attempt(Connection connection, String sql, Table table)
      throws SQLException {
    Optional<SQLException> refusal = Optional.empty();
    try (Statement statement = connection.createStatement()) {
      statement.execute("savepoint changed; " + sql + RowChange.firstRow(table));
    } catch (SQLException e) {
      if (RowFiller.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      refusal = Optional.of(e);
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback to savepoint changed; release savepoint changed");
    }
    return refusal;
  }

  private void broken(
      Table table, String verb, String what, SQLException refusal, Set<String> failing) {
    String change = verb + " " + table.name();
    failing.add(change);
    if (known.add(change) && begun) {
      refused.putIfAbsent(
          table.name(), "refuses " + what + ": " + Refusal.of(refusal, table).getMessage());
    }
  }

  /**
   * Not where a function makes a name of what is written, such as that of a table for each month.
   */
  private static boolean isBrokenWhateverIsWritten(SQLException refusal, Table table) {
    return isBroken(refusal, table)
        && !Refusal.where(refusal).map(at -> at.contains(" at EXECUTE")).orElse(false);
  }

  /** Whether a function names what is not there; what it forbids on purpose says otherwise. */
  private static boolean isBroken(SQLException refusal, Table table) {
    return Refusal.of(refusal, table).kind() == Unfillable.Kind.CLOSED
        && String.valueOf(refusal.getSQLState()).startsWith("42")
        && !"42501".equals(refusal.getSQLState());
  }
}
