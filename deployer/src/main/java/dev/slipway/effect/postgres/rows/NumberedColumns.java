package dev.slipway.effect.postgres.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** Columns whose values are a sequence's numbers, and those that refer to them. */
public final class NumberedColumns {

  private static final String COLUMNS =
      """
      with numbered as (
        select a.attrelid, a.attnum
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped
          and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like '%nextval(%')
      ), referring as (
        select c.conrelid, c.conkey[i]
        from pg_constraint c cross join generate_subscripts(c.conkey, 1) i
        join numbered n on n.attrelid = c.confrelid and n.attnum = c.confkey[i]
        where c.contype = 'f'
      )
      select a.attrelid::regclass::text || '.' || quote_ident(a.attname)
      from pg_attribute a join (select * from numbered union select * from referring) k (attrelid, attnum)
        on k.attrelid = a.attrelid and k.attnum = a.attnum
      """;

  private NumberedColumns() {}

  /** Reads them, each as {@code table.column}, as SQL writes the names. */
  public static Set<String> read(Connection connection) throws SQLException {
    Set<String> columns = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }
}
