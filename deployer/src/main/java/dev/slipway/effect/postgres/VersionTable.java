package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
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
    return DatabaseSession.strings(connection, NAME).stream().findFirst();
  }

  static Set<String> read(Connection connection) throws SQLException {
    Optional<String> table = name(connection);
    return table.isEmpty()
        ? new TreeSet<>()
        : new TreeSet<>(
            DatabaseSession.strings(connection, "select version_num from " + table.get()));
  }
}
