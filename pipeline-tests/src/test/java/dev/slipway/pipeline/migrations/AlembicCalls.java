package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.BackendRig;
import dev.slipway.pipeline.Migrator;
import dev.slipway.pipeline.PlatformUnderTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** The platform's own alembic against one new database, and what it left there. */
final class AlembicCalls implements AutoCloseable {

  private final BackendRig rig;
  private final String database;
  private final Migrator migrator;

  AlembicCalls(PlatformUnderTest platform) {
    this.rig = platform.rig();
    this.database = rig.createDatabase();
    this.migrator = new Migrator(platform, database);
  }

  CommandResult upgrade(String revision) {
    return migrator.alembic("upgrade", revision);
  }

  CommandResult downgrade(String revision) {
    return migrator.alembic("downgrade", revision);
  }

  /** The revisions that the version table names; none when there is no such table. */
  static Set<String> current(Connection connection) throws SQLException {
    return VersionTable.read(connection);
  }

  /** A new connection, so that nothing is seen but what was committed. */
  Connection connect() throws SQLException {
    return rig.connect(database);
  }

  String database() {
    return database;
  }

  @Override
  public void close() {
    migrator.close();
  }
}
