package dev.slipway.pipeline.selftest;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.pipeline.PlatformUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.utility.MountableFile;

/**
 * The sample platform's PostgreSQL and backend, in which the sources of one broken platform after
 * the other stand in for the image's own.
 */
final class MigrationFaultBed implements TestBed {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final PlatformUnderTest sample;
  private final String directory;
  private final Optional<String> inhabitant;

  /**
   * A bed for one broken platform.
   *
   * @param backend the backend's sources
   * @param name by which they are kept apart from others in the container
   */
  MigrationFaultBed(PlatformUnderTest sample, Path backend, String name) {
    this(sample, "/tmp/" + name, Optional.empty());
    sample.rig().idleBackend().copyFileToContainer(MountableFile.forHostPath(backend), directory);
  }

  private MigrationFaultBed(
      PlatformUnderTest sample, String directory, Optional<String> inhabitant) {
    this.sample = sample;
    this.directory = directory;
    this.inhabitant = inhabitant;
  }

  /** The same with databases in which something is before any revision. */
  MigrationFaultBed inhabitedBy(String statement) {
    return new MigrationFaultBed(sample, directory, Optional.of(statement));
  }

  @Override
  public Database nextDatabase() {
    return sample.rig().nextDatabase();
  }

  @Override
  public void create(Database database) {
    database.create();
    inhabitant.ifPresent(
        statement -> {
          try (DatabaseSession session = database.open()) {
            session.execute(statement);
          }
        });
  }

  @Override
  public CommandResult run(Database database, List<String> command) {
    return sample
        .engine()
        .execute(
            container(),
            Optional.of(directory),
            variables(database),
            PreloadedPython.words(command),
            DEADLINE);
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    return sample
        .engine()
        .converse(
            container(),
            Optional.of(directory),
            variables(database),
            PreloadedPython.words(command));
  }

  /** How many programs run in the backend's container. */
  static int programs(PlatformUnderTest sample) {
    CommandResult listed =
        sample
            .engine()
            .execute(
                sample.rig().idleBackend().getContainerId(),
                Optional.empty(),
                Map.of(),
                List.of("sh", "-c", "ls -d /proc/[0-9]*"),
                DEADLINE);
    return (int) listed.standardOutput().lines().count();
  }

  private String container() {
    return sample.rig().idleBackend().getContainerId();
  }

  private Map<String, String> variables(Database database) {
    return sample.rig().backendEnvironment(database.name());
  }
}
