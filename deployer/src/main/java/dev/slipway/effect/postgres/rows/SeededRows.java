package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows that a table comes with, and into whose numbers its own sequence counts. */
final class SeededRows {

  /** Sets the sequence that fills a column behind the rows that stand in its way. */
  private static final String SETVAL =
      """
      select case when s.owned is null then quote_literal(s.used)
        else format('pg_get_serial_sequence(%L, %L)', s.tbl, s.col) end,
        setval(coalesce(s.owned, s.used)::regclass, (
          select min(t.@) from # t where t.@ >= s.value and not exists (select from # o where o.@ = t.@::numeric + 1)))
      from (
        select v.*, pg_get_serial_sequence(v.tbl, v.col) as owned, (
          select d.refobjid::regclass::text
          from pg_attribute a join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
          join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
          join pg_class c on c.oid = d.refobjid and c.relkind = 'S'
          where a.attrelid = v.tbl::regclass and a.attname = v.col limit 1) as used
        from (values (?::text, ?::text, ?::bigint)) v (tbl, col, value)) s
      """;

  private final Set<String> seen = new HashSet<>();
  private final Set<String> seeded = new HashSet<>();
  private final Map<String, Map<String, @Nullable String>> latest = new HashMap<>();
  private final Map<String, Seeded> found = new TreeMap<>();
  private Set<String> tables = Set.of();
  private boolean begun;
  private boolean afresh;
  private boolean renamed;

  /** Those of tables that the last call saw first; of the first call's, nothing is known. */
  Map<String, Seeded> found() {
    return Map.copyOf(found);
  }

  /** From now on it is another database, in which no row was put yet. */
  void startAfresh() {
    afresh = true;
  }

  void begin(Set<String> names) {
    found.clear();
    tables = Set.copyOf(names);
    renamed = afresh && !names.containsAll(seeded);
  }

  void end() {
    seen.addAll(tables);
    begun = true;
    afresh = false;
  }

  void stored(Table table, Map<String, @Nullable String> row) {
    latest.put(table.name(), row);
  }

  /**
   * Whether a number is taken by a row that came with the table, and not because the sequence
   * begins anew.
   *
   * @param tookSome whether the table took rows before
   */
  boolean explain(SQLException refusal, Table table, boolean tookSome) {
    Optional<TakenNumber> taken = TakenNumber.of(refusal);
    boolean known = afresh && seeded.contains(table.name());
    if (tookSome && !known && !taken.map(number -> isAhead(number, table)).orElse(false)) {
      return false;
    }
    if (taken.isPresent()) {
      seeded.add(table.name());
    }
    return true;
  }

  private boolean isAhead(TakenNumber taken, Table table) {
    @Nullable String before = latest.getOrDefault(table.name(), Map.of()).get(taken.column());
    return before != null
        && before.matches("-?\\d{1,18}")
        && taken.value() > Long.parseLong(before);
  }

  /**
   * Lets the sequence go on behind such rows.
   *
   * @return whether it does
   */
  boolean pass(Connection connection, SQLException refusal, Table table) throws SQLException {
    Optional<TakenNumber> taken = TakenNumber.of(refusal);
    Optional<String> sequence =
        taken.isPresent() ? setval(connection, taken.get(), table) : Optional.empty();
    if (sequence.isPresent() && begun && !seen.contains(table.name()) && !renamed) {
      found.putIfAbsent(
          table.name(),
          new Seeded(
              Refusal.of(refusal, table).getMessage(),
              "SELECT setval(%s, (SELECT max(%s) FROM %s))"
                  .formatted(sequence.get(), shortly(taken.get().column()), table.name())));
    }
    return sequence.isPresent();
  }

  /** The sequence, as an argument of setval; none where the numbers come from elsewhere. */
  private static Optional<String> setval(Connection connection, TakenNumber taken, Table table)
      throws SQLException {
    String sql = SETVAL.replace("@", Column.quote(taken.column())).replace("#", table.name());
    Savepoint savepoint = connection.setSavepoint();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, table.name());
      statement.setString(2, taken.column());
      statement.setLong(3, taken.value());
      try (ResultSet row = statement.executeQuery()) {
        Optional<String> sequence =
            row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        connection.releaseSavepoint(savepoint);
        return sequence;
      }
    } catch (SQLException e) {
      connection.rollback(savepoint);
      return Optional.empty();
    }
  }

  private static String shortly(String column) {
    return column.matches("[a-z_][a-z0-9_]*") ? column : Column.quote(column);
  }
}
