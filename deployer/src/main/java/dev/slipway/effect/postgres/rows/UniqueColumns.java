package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which columns of a table must differ together, one set for each unique index. */
final class UniqueColumns {

  private static final String QUERY =
      """
      select i.indrelid::regclass::text, array(
          select a.attname::text from pg_attribute a
          where a.attrelid = i.indrelid and a.attnum > 0 and (a.attnum = any (i.indkey) or exists (
            select from pg_depend d where d.classid = 1259 and d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid = a.attnum)))
      from pg_index i where i.indisunique and i.indrelid >= 16384
      """;

  private UniqueColumns() {}

  /** By the table's name as SQL writes it. */
  static Map<String, List<Set<String>>> read(Connection connection) throws SQLException {
    Map<String, List<Set<String>>> sets = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        sets.computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
            .add(Set.of((String[]) rows.getArray(2).getArray()));
      }
    }
    return sets;
  }
}
