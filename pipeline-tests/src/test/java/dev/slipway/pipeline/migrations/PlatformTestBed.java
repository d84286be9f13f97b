package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.pipeline.Migrator;
import dev.slipway.pipeline.PlatformUnderTest;
import java.util.List;

/** The platform's PostgreSQL and backend as a bed for migrations. */
final class PlatformTestBed implements TestBed {

  private final PlatformUnderTest platform;

  PlatformTestBed(PlatformUnderTest platform) {
    this.platform = platform;
  }

  @Override
  public Database nextDatabase() {
    return platform.rig().nextDatabase();
  }

  @Override
  public CommandResult run(Database database, List<String> command) {
    return new Migrator(platform, database.name()).run(command);
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    return platform
        .engine()
        .converse(
            platform.rig().idleBackend().getContainerId(),
            platform.platform().migrations().directory(),
            platform.rig().backendEnvironment(database.name()),
            command);
  }
}
