package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import java.time.Duration;
import java.util.List;

/** The platform's own alembic, called in the backend's image against one database. */
public final class Migrator {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final PlatformUnderTest platform;
  private final String database;

  /** A migrator for a database of the rig. */
  public Migrator(PlatformUnderTest platform, String database) {
    this.platform = platform;
    this.database = database;
  }

  /** Calls alembic with a subcommand, the way the platform calls it. */
  public CommandResult alembic(String... words) {
    return run(platform.platform().migrations().with(words));
  }

  /** Runs a program where alembic is run. */
  public CommandResult run(List<String> command) {
    try {
      return platform
          .engine()
          .execute(
              platform.rig().idleBackend().getContainerId(),
              platform.platform().migrations().directory(),
              platform.rig().backendEnvironment(database),
              command,
              DEADLINE);
    } catch (SlipwayException refusal) {
      throw PlatformUnderTest.finding(refusal);
    }
  }

  /** Calls alembic and fails with its output when it fails. */
  public CommandResult require(String... words) {
    CommandResult result = alembic(words);
    if (!result.succeeded()) {
      throw new AssertionError(
          "`"
              + String.join(" ", platform.platform().migrations().with(words))
              + "` failed with exit status "
              + result.exitStatus()
              + ":\n"
              + result.tail(15));
    }
    return result;
  }
}
