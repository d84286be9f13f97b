package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A table of a platform, and the file that holds its rows.
 *
 * @param name as SQL writes it
 * @param file another one as soon as the table is written anew; 0: it has none, as of a partitioned
 *     table
 * @param writable whether rows can be written into it, and not only brought up to date as a whole
 */
public record StoredTable(String name, long file, boolean writable) {

  /** None, for where one is looked for and not found. */
  public static final StoredTable NONE = new StoredTable("", 0, false);

  private static final String QUERY =
      """
      select c.oid, c.oid::regclass::text, coalesce(pg_relation_filenode(c.oid), 0), c.relkind <> 'm'
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not (c.relnatts = 1 and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'version_num'))
      """
          .replace("@own", OwnSchema.NAME);

  static Map<Long, StoredTable> all(Connection connection) throws SQLException {
    Map<Long, StoredTable> tables = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        tables.put(
            rows.getLong(1),
            new StoredTable(rows.getString(2), rows.getLong(3), rows.getBoolean(4)));
      }
    }
    return tables;
  }
}
