package dev.slipway.pipeline;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Roles;
import dev.slipway.platform.DatabaseAccess;
import dev.slipway.platform.Role;
import dev.slipway.platform.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The platform's PostgreSQL and Redis in containers, under the names that the backend knows them
 * by.
 */
public final class BackendRig implements AutoCloseable {

  private static final int POSTGRES_PORT = 5432;
  private static final List<String> QUICK =
      List.of("fsync=off", "full_page_writes=off", "synchronous_commit=off");
  // Engine 20.10 publishes on ports that the kernel also gives to outgoing connections: "address
  // already in use".
  private static final int ATTEMPTS = 3;
  private static final Duration START = Duration.ofMinutes(2);

  private final PlatformUnderTest platform;
  private final Network network = Network.newNetwork();
  private final Map<Role, GenericContainer<?>> services = new LinkedHashMap<>();
  private int databases;
  private @Nullable Roles roles;
  private @Nullable GenericContainer<?> idle;

  BackendRig(PlatformUnderTest platform) {
    this(platform, List.of());
  }

  private BackendRig(PlatformUnderTest platform, List<String> settings) {
    this.platform = platform;
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
    List<String> command = new ArrayList<>(List.of("postgres"));
    Stream.concat(QUICK.stream(), settings.stream())
        .forEach(setting -> command.addAll(List.of("-c", setting)));
    return container(spec)
        .withEnv(DatabaseAccess.environment(spec))
        .withExposedPorts(POSTGRES_PORT)
        .withCommand(command.toArray(String[]::new))
        // Over TCP, since the server that runs the init scripts listens on its socket alone.
        .waitingFor(
            Wait.forSuccessfulCommand(
                    "pg_isready --host=127.0.0.1 --username=" + DatabaseAccess.of(spec).user())
                .withStartupTimeout(START));
  }

  private GenericContainer<?> redis(ServiceSpec spec) {
    GenericContainer<?> redis =
        container(spec)
            .withEnv(DatabaseAccess.environment(spec))
            .withExposedPorts(6379)
            .waitingFor(Wait.forListeningPort());
    spec.command().ifPresent(redis::withCommand);
    return redis;
  }

  private GenericContainer<?> container(ServiceSpec spec) {
    String image = spec.image().map(String::valueOf).orElseThrow();
    return new GenericContainer<>(DockerImageName.parse(image))
        .withNetwork(network)
        .withNetworkAliases(spec.name())
        .withStartupAttempts(ATTEMPTS);
  }

  /**
   * A container of the backend's image beside them, with the compose file's environment; not yet
   * started.
   */
  public GenericContainer<?> backend() {
    return backend(platform.images().name(Role.BACKEND));
  }

  /** The same with another image. */
  public GenericContainer<?> backend(String image) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withNetwork(network)
        .withEnv(backendEnvironment())
        .withStartupAttempts(ATTEMPTS);
  }

  /** A running container of the backend's image in which nothing runs, for commands of any kind. */
  public synchronized GenericContainer<?> idleBackend() {
    GenericContainer<?> running = idle;
    if (running == null) {
      running =
          backend()
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
    GenericContainer<?> postgres =
        service(Role.POSTGRES)
            .orElseThrow(() -> new IllegalStateException("the platform has no postgres service"));
    DatabaseAccess access = access().orElseThrow();
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
