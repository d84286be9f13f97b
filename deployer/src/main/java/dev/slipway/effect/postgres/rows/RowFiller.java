package dev.slipway.effect.postgres.rows;

import dev.slipway.effect.postgres.rows.RowAttempts.Flavour;
import dev.slipway.effect.postgres.rows.Unfillable.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a few rows into every table, whatever its columns and constraints are. Rows refer to rows of
 * the same call, so that triggers leave older rows alone.
 */
public final class RowFiller {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final int ROWS = 3;
  static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Map<String, String> unfilled = new TreeMap<>();
  private final Map<String, String> refused = new TreeMap<>();

  /** Tables that took no other values than their defaults, as they are now. */
  private final Set<Table> defaultsOnly = new HashSet<>();

  /** Tables that took no text with a capital letter, as they are now. */
  private final Set<Table> withoutCapitals = new HashSet<>();

  private final Set<String> took = new HashSet<>();
  private final RowChanges changes = new RowChanges();
  private final SeededRows seeds = new SeededRows();
  private int number = 40;

  /** The tables that took no row, with the reason. */
  public Map<String, String> unfilled() {
    return Map.copyOf(unfilled);
  }

  /**
   * The tables that refused every row in the last call and took some in an earlier one, or whose
   * triggers do not bear that one is changed, with the refusal as the end of a sentence about it.
   */
  public Map<String, String> newlyRefused() {
    Map<String, String> all = new TreeMap<>(changes.newlyRefused());
    refused.forEach(
        (table, reason) ->
            all.put(table, "takes no row any more, and took some before: " + reason));
    return all;
  }

  /**
   * The tables that the last call saw first and that came with rows into whose numbers their own
   * sequence counts, such as seeds with ids of their own.
   */
  public Map<String, Seeded> seeded() {
    return seeds.found();
  }

  /** From now on it is another database, in which no row was put yet. */
  public void startAfresh() {
    seeds.startAfresh();
  }

  /** Inserts and commits. */
  public void fill(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    refused.clear();
    Map<String, List<Map<String, @Nullable String>>> inserted = new HashMap<>();
    Map<String, Table> tables = new HashMap<>();
    List<Table> order = InsertionOrder.of(TableReader.read(connection));
    order.forEach(table -> tables.put(table.name(), table));
    seeds.begin(tables.keySet());
    for (Table table : order) {
      inserted.put(table.name(), fill(connection, table, inserted));
    }
    seeds.end();
    changes.attempt(connection, tables);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private List<Map<String, @Nullable String>> fill(
      Connection connection, Table table, Map<String, List<Map<String, @Nullable String>>> inserted)
      throws SQLException {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    Unfillable refusal = new Unfillable("no row was tried");
    int place = 0;
    for (Flavour flavour : Flavour.values()) {
      try {
        Map<String, @Nullable String> references =
            References.choose(table, inserted, rows, place++);
        rows.add(insert(connection, table, references, flavour));
      } catch (Unfillable e) {
        refusal = e;
      }
    }
    if (!rows.isEmpty()) {
      took.add(table.name());
      return rows;
    }
    rows.addAll(older(connection, table));
    report(table, refusal, rows.isEmpty());
    return rows;
  }

  private static List<Map<String, @Nullable String>> older(Connection connection, Table table)
      throws SQLException {
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet any =
            statement.executeQuery(
                "select true as stored, * from " + table.name() + " limit " + ROWS)) {
      while (any.next()) {
        rows.add(texts(any));
      }
    }
    return rows;
  }

  /** A table that takes no second row is full in its way, and is migrated with the first. */
  private void report(Table table, Unfillable refusal, boolean empty) {
    String reason = refusal.getMessage();
    boolean tookSome = took.contains(table.name());
    if (tookSome && (refusal.kind() == Kind.CLOSED || refusal.kind() == Kind.NUMBER_TAKEN)) {
      refused.put(table.name(), reason);
      took.remove(table.name());
      return;
    }
    boolean wanted = empty || (tookSome && refusal.kind() != Kind.FULL);
    if (wanted && !reason.equals(unfilled.put(table.name(), reason))) {
      LOG.warn(
          "No {}row goes into table {}, so it is migrated {}: {}",
          empty ? "" : "new ",
          table.name(),
          empty ? "empty" : "with older ones",
          reason);
    }
  }

  private Map<String, @Nullable String> insert(
      Connection connection, Table table, Map<String, @Nullable String> references, Flavour flavour)
      throws SQLException, Unfillable {
    int row = number++;
    if (flavour != Flavour.DEFAULT && !defaultsOnly.contains(table) && RowAttempts.mayVary(table)) {
      try {
        return insert(connection, table, new RowAttempts(table, references, row, flavour, false));
      } catch (Unfillable e) {
        if (e.kind() == Kind.NUMBER_TAKEN) {
          throw e;
        }
        defaultsOnly.add(table);
      }
    }
    if (flavour == Flavour.DEFAULT
        && !withoutCapitals.contains(table)
        && RowAttempts.takesCapitals(table)) {
      try {
        return insert(connection, table, RowAttempts.withCapitals(table, references, row));
      } catch (Unfillable e) {
        if (e.kind() == Kind.NUMBER_TAKEN) {
          throw e;
        }
        withoutCapitals.add(table);
      }
    }
    return insert(connection, table, new RowAttempts(table, references, row, flavour, true));
  }

  private Map<String, @Nullable String> insert(
      Connection connection, Table table, RowAttempts attempts) throws SQLException, Unfillable {
    Unfillable refusal = new Unfillable("no value was tried");
    while (attempts.hasNext()) {
      Map<Column, @Nullable String> row = attempts.next();
      try {
        Map<String, @Nullable String> stored = insert(connection, table, row);
        if (stored.isEmpty()) {
          throw new Unfillable("a trigger swallows the row");
        }
        seeds.stored(table, stored);
        return stored;
      } catch (SQLException e) {
        if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
          throw e;
        }
        takeBack(connection);
        Unfillable next = Refusal.of(e, table);
        if (next.kind() == Kind.NUMBER_TAKEN) {
          boolean tookSome = took.contains(table.name());
          if (!seeds.explain(e, table, tookSome)) {
            throw next; // each attempt counts on, and would hide it
          }
          next = tookSome ? new Unfillable(next.getMessage()) : next;
          if (seeds.pass(connection, e, table)) {
            refusal = next;
            continue;
          }
        }
        refusal = refusal.kind() == Kind.FULL ? refusal : next;
        attempts.refused(e, isAboutTheTable(e) ? Set.of() : notOfTheirType(connection, row));
      }
    }
    throw refusal;
  }

  private static Map<String, @Nullable String> insert(
      Connection connection, Table table, Map<Column, @Nullable String> row) throws SQLException {
    List<String> names = row.keySet().stream().map(Column::quoted).toList();
    // In one go: most rows go in, and there are many of them. And with the values in it: the server
    // keeps a plan of what has parameters, and refuses it once a type in it was made anew.
    try (Statement statement = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      for (Map.Entry<Column, @Nullable String> entry : row.entrySet()) {
        values.add(entry.getKey().literal(statement, entry.getValue()));
      }
      statement.execute(
          """
          savepoint filled;
          insert into %s %s returning true as stored, *;
          release savepoint filled"""
              .formatted(
                  table.name(),
                  names.isEmpty()
                      ? "default values"
                      : "(%s) values (%s)"
                          .formatted(String.join(", ", names), String.join(", ", values))));
      statement.getMoreResults();
      try (ResultSet stored = statement.getResultSet()) {
        return stored.next() ? texts(stored) : Map.of();
      }
    }
  }

  private static void takeBack(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback to savepoint filled; release savepoint filled");
    }
  }

  /** PostgreSQL names the table when a row breaks a rule, not when a text is no value of a type. */
  private static boolean isAboutTheTable(SQLException refusal) {
    return refusal instanceof PSQLException server
        && server.getServerErrorMessage() != null
        && server.getServerErrorMessage().getTable() != null;
  }

  /** The columns whose value is no value of their type, which the refusal itself does not tell. */
  private static Set<Column> notOfTheirType(
      Connection connection, Map<Column, @Nullable String> row) throws SQLException {
    Set<Column> wrong = new LinkedHashSet<>();
    for (Map.Entry<Column, @Nullable String> entry : row.entrySet()) {
      Savepoint savepoint = connection.setSavepoint();
      try (Statement statement = connection.createStatement()) {
        statement.execute("select " + entry.getKey().literal(statement, entry.getValue()));
        connection.releaseSavepoint(savepoint);
      } catch (SQLException e) {
        connection.rollback(savepoint);
        wrong.add(entry.getKey());
      }
    }
    return wrong;
  }

  private static Map<String, @Nullable String> texts(ResultSet row) throws SQLException {
    Map<String, @Nullable String> texts = new LinkedHashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      texts.put(row.getMetaData().getColumnName(i), row.getString(i));
    }
    return texts;
  }
}
