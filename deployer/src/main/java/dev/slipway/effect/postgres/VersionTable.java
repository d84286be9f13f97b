package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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

  /** Asks what every session may call it; no row as long as it is not there. */
  static final String QUALIFIED =
      NAME.replace(
          "c.oid::regclass::text",
          "c.relnamespace::regnamespace::text || '.' || quote_ident(c.relname)");

  private static final String UNDEFINED_TABLE = "42P01";

  private final Connection connection;
  private @Nullable PreparedStatement rows;

  VersionTable(Connection connection) {
    this.connection = connection;
  }

  /** Whether a question failed since the table that it names is not there. */
  static boolean isMissing(SQLException failure) {
    return UNDEFINED_TABLE.equals(failure.getSQLState());
  }

  /** What it is called; nothing as long as it is not there. */
  Optional<String> name() throws SQLException {
    return DatabaseSession.strings(connection, NAME).stream().findFirst();
  }

  /** What every session may call it, whatever its search path is. */
  Optional<String> qualifiedName() throws SQLException {
    return DatabaseSession.strings(connection, QUALIFIED).stream().findFirst();
  }

  /** What stands in it; the table is looked for only as long as it is not known, or is gone. */
  Set<String> read() throws SQLException {
    if (rows != null) {
      try {
        return values(rows);
      } catch (SQLException e) {
        if (!isMissing(e)) {
          throw e;
        }
        rows.close();
        rows = null;
      }
    }
    Optional<String> table = name();
    if (table.isEmpty()) {
      return new TreeSet<>();
    }
    rows = connection.prepareStatement("select version_num from " + table.get());
    return values(rows);
  }

  private static Set<String> values(PreparedStatement statement) throws SQLException {
    Set<String> values = new TreeSet<>();
    try (ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        values.add(found.getString(1));
      }
    }
    return values;
  }
}
