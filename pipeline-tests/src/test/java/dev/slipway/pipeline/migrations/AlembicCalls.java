package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.pipeline.Migrator;
import dev.slipway.pipeline.PlatformUnderTest;

/** The platform's own alembic against one new database, and what it left there. */
final class AlembicCalls implements AutoCloseable {

  private final Migrator migrator;
  private final DatabaseSession session;

  AlembicCalls(PlatformUnderTest platform) {
    Database database = platform.rig().createDatabase();
    this.migrator = new Migrator(platform, database.name());
    this.session = database.open();
  }

  CommandResult upgrade(String revision) {
    return migrator.alembic("upgrade", revision);
  }

  CommandResult downgrade(String revision) {
    return migrator.alembic("downgrade", revision);
  }

  /** A connection of our own, which sees nothing but what was committed. */
  DatabaseSession session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
  }
}
