package dev.slipway.cli;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.docker.ContainerGroup;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.platform.DatabaseAccess;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ServiceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The platform's PostgreSQL and an idle container of its backend, for as long as a command runs.
 */
final class ContainerTestBed implements TestBed, AutoCloseable {

  private static final int POSTGRES_PORT = 5432;
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration COMMAND = Duration.ofMinutes(10);

  private final DockerEngine engine;
  private final Platform platform;
  private final DatabaseAccess access;
  private final ContainerGroup group;
  private final String postgres;
  private final String backend;
  private int databases;

  ContainerTestBed(DockerEngine engine, Platform platform, String backendImage) {
    this.engine = engine;
    this.platform = platform;
    ServiceSpec service =
        platform
            .service(Role.POSTGRES)
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "The compose file has no postgres service, so there is nothing to migrate.",
                        "If it has one by another name, say which in slipway.yml (`services.postgres`)."));
    this.access = DatabaseAccess.of(service);
    this.group = engine.group("slipway-" + UUID.randomUUID(), Ephemeral.labels());
    try {
      this.postgres = group.start(service.name(), postgres(service), POSTGRES_PORT);
      this.backend =
          group.start(platform.backend().name(), idle(platform.backend(), backendImage), 0);
      awaitPostgres();
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  private static ContainerRun idle(ServiceSpec backend, String image) {
    ContainerRun idle = ContainerRun.of(image, List.of("sleep", "infinity"));
    return backend.workingDirectory().map(idle::in).orElse(idle);
  }

  private static ContainerRun postgres(ServiceSpec service) {
    return ContainerRun.of(
            service.image().map(String::valueOf).orElseThrow(),
            List.of(
                "docker-entrypoint.sh",
                "postgres",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "synchronous_commit=off"))
        .with(DatabaseAccess.environment(service));
  }

  /** Over TCP, since the server that runs the init scripts listens on its socket alone. */
  private void awaitPostgres() {
    engine.execute(
        postgres,
        Optional.empty(),
        Map.of("PGUSER", access.user()),
        List.of("sh", "-c", "until pg_isready --quiet --host=127.0.0.1; do sleep 0.1; done"),
        START);
  }

  @Override
  public Database nextDatabase() {
    return database("slipway_" + ++databases);
  }

  private Database database(String name) {
    return new Database(
        engine.host(),
        group.publishedPort(postgres, POSTGRES_PORT),
        name,
        access.user(),
        access.password());
  }

  @Override
  public CommandResult run(Database database, List<String> command) {
    return engine.execute(
        backend,
        platform.migrations().directory(),
        access.environment(platform.backend(), database.name()),
        command,
        COMMAND);
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    return engine.converse(
        backend,
        platform.migrations().directory(),
        access.environment(platform.backend(), database.name()),
        command);
  }

  @Override
  public void close() {
    group.close();
  }
}
