package dev.slipway.pipeline;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Roles;
import dev.slipway.platform.DatabaseAccess;
import dev.slipway.platform.HostNames;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The platform's PostgreSQL and Redis in containers, under the names that the backend knows them
 * by.
 */
public final class BackendRig implements AutoCloseable {

  private static final int POSTGRES_PORT = 5432;
  private static final int REDIS_PORT = 6379;
  private static final List<String> QUICK =
      List.of("fsync=off", "full_page_writes=off", "synchronous_commit=off");
  private static final Duration START = Duration.ofMinutes(2);

  private final PlatformUnderTest platform;
  private final Network network = Network.newNetwork();
  private final ServiceContainers containers;
  private final Map<Role, GenericContainer<?>> services = new LinkedHashMap<>();
  private int databases;
  private @Nullable Roles roles;
  private @Nullable GenericContainer<?> idle;

  BackendRig(PlatformUnderTest platform) {
    this(platform, List.of());
  }

  private BackendRig(PlatformUnderTest platform, List<String> settings) {
    this.platform = platform;
    this.containers = new ServiceContainers(network, platform.composeFolder());
    platform
        .platform()
        .service(Role.POSTGRES)
        .ifPresent(spec -> services.put(Role.POSTGRES, postgres(spec, settings)));
    platform
        .platform()
        .service(Role.REDIS)
        .ifPresent(spec -> services.put(Role.REDIS, redis(spec)));
    services.values().forEach(GenericContainer::start);
  }

  /** One whose PostgreSQL logs each statement that changes something, with its database. */
  static BackendRig recording(PlatformUnderTest platform) {
    return new BackendRig(
        platform, List.of("log_statement=mod", "log_line_prefix=%d ", "lc_messages=C"));
  }

  private GenericContainer<?> postgres(ServiceSpec spec, List<String> settings) {
    return started(spec)
        .withExposedPorts(POSTGRES_PORT)
        .withCreateContainerCmdModifier(
            command -> command.withCmd(postgresCommand(spec.command(), settings)))
        // Over TCP, since the server that runs the init scripts listens on its socket alone.
        .waitingFor(
            Wait.forSuccessfulCommand(
                    "pg_isready --host=127.0.0.1 --username=" + DatabaseAccess.of(spec).user())
                .withStartupTimeout(START));
  }

  /** What the compose file sets comes first; a script in the server's place is left as it is. */
  static List<String> postgresCommand(Optional<List<String>> own, List<String> settings) {
    List<String> command = new ArrayList<>(own.orElse(List.of()));
    if (command.isEmpty()) {
      command.add("postgres");
    }
    if (command.get(0).equals("postgres") || command.get(0).startsWith("-")) {
      Stream.concat(QUICK.stream(), settings.stream())
          .forEach(setting -> command.addAll(List.of("-c", setting)));
    }
    return command;
  }

  private GenericContainer<?> redis(ServiceSpec spec) {
    return started(spec)
        .withExposedPorts(spec.containerPorts().stream().findFirst().orElse(REDIS_PORT))
        .waitingFor(Wait.forListeningPort());
  }

  private GenericContainer<?> started(ServiceSpec spec) {
    return containers
        .running(spec, spec.image().map(String::valueOf).orElseThrow())
        .withNetworkAliases(names(spec));
  }

  private String[] names(ServiceSpec spec) {
    return Stream.concat(
            Stream.of(spec.name()), HostNames.given(spec, platform.platform().compose()).stream())
        .toArray(String[]::new);
  }

  /**
   * A container beside them, in which an image runs as the compose file says of the backend; not
   * yet started, and then nobody waits until it listens.
   */
  public GenericContainer<?> backend(String image) {
    return containers
        .running(platform.platform().backend(), image)
        .waitingFor(
            new AbstractWaitStrategy() {
              @Override
              protected void waitUntilReady() {
                // Each test waits for what it needs, and then says what it waited for.
              }
            });
  }

  /** The port on which the backend listens, by the compose file or else its image. */
  public OptionalInt backendPort() {
    OptionalInt known =
        platform.platform().backend().containerPorts().stream()
            .mapToInt(Integer::intValue)
            .findFirst();
    return known.isPresent()
        ? known
        : platform.engine().content(platform.images().name(Role.BACKEND)).exposedPort();
  }

  /** A running container of the backend's image in which nothing runs, for commands of any kind. */
  public synchronized GenericContainer<?> idleBackend() {
    GenericContainer<?> running = idle;
    if (running == null) {
      running =
          containers
              .prepared(platform.platform().backend(), platform.images().name(Role.BACKEND))
              .withCreateContainerCmdModifier(
                  command -> command.withEntrypoint("sleep").withCmd("infinity"))
              .withStartupCheckStrategy(
                  new IsRunningStartupCheckStrategy().withTimeout(Duration.ofSeconds(60)));
      running.start();
      idle = running;
    }
    return running;
  }

  /** The backend's variables by the compose file. */
  public Map<String, String> backendEnvironment() {
    return DatabaseAccess.environment(platform.platform().backend());
  }

  /** The same for another database of the same server. */
  public Map<String, String> backendEnvironment(String database) {
    return access()
        .map(known -> known.environment(platform.platform().backend(), database))
        .orElseGet(this::backendEnvironment);
  }

  /** The same for a new database, if the platform has a PostgreSQL. */
  public Map<String, String> environmentOfItsOwn() {
    return access().isPresent()
        ? backendEnvironment(createDatabase().name())
        : backendEnvironment();
  }

  private Optional<DatabaseAccess> access() {
    return platform.platform().service(Role.POSTGRES).map(DatabaseAccess::of);
  }

  /** The network's name, for containers that join it. */
  public String networkId() {
    return network.getId();
  }

  /** PostgreSQL's or Redis's container. */
  public Optional<GenericContainer<?>> service(Role role) {
    return Optional.ofNullable(services.get(role));
  }

  /**
   * A new empty database beside the platform's own, on a server with the roles of the first one.
   */
  public Database createDatabase() {
    Database database = nextDatabase();
    database.create();
    try (DatabaseSession session = database.open()) {
      session.restore(Objects.requireNonNull(roles));
    }
    return database;
  }

  /** A name beside the platform's own database that none has yet. */
  public synchronized Database nextDatabase() {
    if (roles == null) {
      try (DatabaseSession session = database(database()).open()) {
        roles = session.roles();
      }
    }
    return database("slipway_" + ++databases);
  }

  /** A database of its PostgreSQL, as seen from here. */
  public Database database(String name) {
    DatabaseAccess access = DatabaseAccess.of(platform.requirePostgres());
    GenericContainer<?> postgres = service(Role.POSTGRES).orElseThrow();
    return new Database(
        postgres.getHost(),
        postgres.getMappedPort(POSTGRES_PORT),
        name,
        access.user(),
        access.password());
  }

  /** The platform's own database. */
  public String database() {
    return access().map(DatabaseAccess::database).orElse("postgres");
  }

  @Override
  public void close() {
    List<GenericContainer<?>> all = new ArrayList<>(services.values());
    Optional.ofNullable(idle).ifPresent(all::add);
    all.forEach(GenericContainer::stop);
    network.close();
  }
}
