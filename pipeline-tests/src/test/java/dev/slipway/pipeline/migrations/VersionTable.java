package dev.slipway.pipeline.migrations;

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

  /** The oids of such tables. */
  static final String OIDS =
      """
      select a.attrelid from pg_attribute a join pg_class r on r.oid = a.attrelid and r.relkind = 'r'
        where a.attnum > 0 and not a.attisdropped
        group by a.attrelid having array_agg(a.attname) = array['version_num'::name]""";

  private VersionTable() {}

  static Optional<String> name(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select (" + OIDS + " limit 1)::regclass::text")) {
      rows.next();
      return Optional.ofNullable(rows.getString(1));
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
