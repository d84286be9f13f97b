package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * An index as a {@code CREATE INDEX CONCURRENTLY} leaves it that was cut off in its first phase:
 * known to the catalog, written by nobody and used by no query.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">
 *     Building indexes concurrently</a>
 */
final class CutOffIndex {

  private static final String ALL = "select indexrelid from pg_index";

  private static final String CUT_OFF =
      """
      update pg_index set indisvalid = false, indisready = false
        where indexrelid in (select oid from pg_class where relname = ?) and indexrelid <> all (?)
      """;

  private CutOffIndex() {}

  static Set<Long> all(Connection connection) throws SQLException {
    Set<Long> oids = new HashSet<>();
    for (String oid : DatabaseSession.strings(connection, ALL)) {
      oids.add(Long.valueOf(oid));
    }
    return oids;
  }

  static boolean make(Connection connection, String name, Set<Long> known) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CUT_OFF)) {
      statement.setString(1, name);
      statement.setArray(2, connection.createArrayOf("oid", known.toArray()));
      return statement.executeUpdate() > 0;
    }
  }
}
