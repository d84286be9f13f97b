package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Alembic's own table, whatever it is called: the one whose only column is {@code version_num}.
 *
 * @see <a href="https://alembic.sqlalchemy.org/en/latest/api/runtime.html">version_table</a>
 */
final class VersionTable {

  private static final String NAME =
      """
      select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'version_num'
        where c.relkind = 'r' and c.relnatts = 1 order by c.oid limit 1""";

  private VersionTable() {}

  static Optional<String> name(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(NAME)) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    }
  }

  static Set<String> read(Connection connection) throws SQLException {
    Set<String> versions = new TreeSet<>();
    Optional<String> table = name(connection);
    if (table.isEmpty()) {
      return versions;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select version_num from " + table.get())) {
      while (rows.next()) {
        versions.add(rows.getString(1));
      }
    }
    return versions;
  }
}
