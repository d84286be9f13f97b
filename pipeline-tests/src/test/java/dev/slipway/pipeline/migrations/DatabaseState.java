package dev.slipway.pipeline.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * All that can be seen of a database.
 *
 * @param versions the revisions that its version table names
 * @param catalog its objects
 * @param rows its rows
 */
record DatabaseState(Set<String> versions, Catalog catalog, RowContents rows) {

  DatabaseState {
    versions = Set.copyOf(versions);
  }

  static DatabaseState read(Connection connection) throws SQLException {
    return new DatabaseState(
        AlembicCalls.current(connection), Catalog.read(connection), RowContents.read(connection));
  }
}
