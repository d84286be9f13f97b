package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Other values for the first row of a table, each as what an UPDATE sets.
 *
 * @param together one for each column
 * @param alone what counts by itself: other rows that it may refer to, and each label of a list
 * @param further what else single columns may take
 */
record RowChange(List<String> together, List<String> alone, List<String> further) {

  private static final int MOST = 3;
  private static final int MOST_OF_A_LIST = 12;

  RowChange {
    together = List.copyOf(together);
    alone = List.copyOf(alone);
    further = List.copyOf(further);
  }

  /** The condition that finds that row. */
  static String firstRow(Table table) {
    return " where ctid = (select ctid from " + table.name() + " limit 1)";
  }

  /** Nothing where there is no row. */
  static RowChange of(Connection connection, Table table) throws SQLException {
    List<String> together = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    List<String> further = new ArrayList<>();
    Set<String> referring = new HashSet<>();
    table.foreignKeys().forEach(key -> referring.addAll(key.columns()));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select * from " + table.name() + firstRow(table))) {
      if (row.next()) {
        table.foreignKeys().forEach(key -> alone.add(anotherReference(table, key)));
        for (Column column : table.columns()) {
          if (referring.contains(column.name()) || column.defaulted()) {
            continue;
          }
          boolean listed = RowAttempts.isListed(table, column);
          List<String> values =
              others(statement, table, column, row.getString(column.name()), listed);
          values.stream().limit(1).forEach(together::add);
          (listed ? alone : further).addAll(values);
        }
      }
    }
    return new RowChange(together, alone, further);
  }

  private static List<String> others(
      Statement statement, Table table, Column column, @Nullable String present, boolean listed)
      throws SQLException {
    List<String> values = new ArrayList<>();
    for (String value : RowAttempts.likely(table, column)) {
      if (values.size() < (listed ? MOST_OF_A_LIST : MOST) && !isSame(column, value, present)) {
        values.add(column.quoted() + " = " + column.literal(statement, value));
      }
    }
    return values;
  }

  /** PostgreSQL writes a truth value as one letter. */
  private static boolean isSame(Column column, String value, @Nullable String present) {
    if (present == null) {
      return false;
    }
    boolean truth = column.category().equals("B") && !column.array();
    return truth ? value.startsWith(present) : value.equals(present.stripTrailing());
  }

  private static String anotherReference(Table table, ForeignKey key) {
    String theirs =
        key.targetColumns().stream()
            .map(name -> "p." + Column.quote(name))
            .collect(Collectors.joining(", "));
    String differs =
        IntStream.range(0, key.columns().size())
            .mapToObj(
                i ->
                    "p.%s is distinct from %s.%s"
                        .formatted(
                            Column.quote(key.targetColumns().get(i)),
                            table.name(),
                            Column.quote(key.columns().get(i))))
            .collect(Collectors.joining(" or "));
    String ours = key.columns().stream().map(Column::quote).collect(Collectors.joining(", "));
    return "(%s) = (select %s from %s p where %s limit 1)"
        .formatted(ours, theirs, key.target(), differs);
  }

  /** All that may be tried one after the other once it does not go together. */
  List<String> oneByOne() {
    return Stream.concat(alone.stream(), further.stream()).toList();
  }
}
