package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.WaitingClock;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.PretendServer.Container;
import dev.slipway.deploy.images.ImageSource;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.health.HealthGate;
import dev.slipway.ledger.History;
import dev.slipway.ledger.Ledger;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.DeployPlanner;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformFile;
import dev.slipway.platform.PlatformSource;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What a test of a deployment has: a server that pretends, two releases, and a clock of its own.
 */
@Timeout(30)
public abstract class DeploymentBench {

  /** A platform whose backend publishes a port, so that compose replaces it in place. */
  public static final String COMPOSE =
      """
      services:
        postgres: {image: "postgres:15"}
        redis: {image: "redis:15"}
        backend: {image: "${REGISTRY:?}/backend:${TAG:?}", ports: ["8000:8000"]}
        frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
        nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"], depends_on: [backend]}
      """;

  static final String CHECKOUT = "/opt/platform-v2";
  static final String FIRST = "a".repeat(40);
  static final String SECOND = "b".repeat(40);

  /** What the checkout here has. */
  String compose;

  final PretendServer server = new PretendServer(CHECKOUT);
  final WaitingClock clock = new WaitingClock();
  final List<String> lines = new ArrayList<>();
  final List<String> latest = new ArrayList<>();
  final DeployLog log = new DeployLog(lines::add, new Redaction(List.of(Secret.of("swordfish"))));

  final Set<String> notHere = new HashSet<>();
  String settings = "";
  Optional<ImageSource> images = Optional.empty();
  Consumer<ReleaseManifest> moveLatest = release -> latest.add(release.commit());
  final ReleaseManifest first = release(FIRST, "1", "rev1");
  final ReleaseManifest second = release(SECOND, "2", "rev1");

  /**
   * @param compose the compose file of both releases
   */
  DeploymentBench(String compose) {
    this.compose = compose;
  }

  @BeforeEach
  void freshServer() {
    server.head = FIRST;
    server.commits.add(FIRST);
    server.composeFiles.put(FIRST, compose);
    server.composeFiles.put(SECOND, compose);
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(Thread.interrupted()).as("an interrupt that no test expects").isFalse();
  }

  ReleaseManifest release(String commit, String version, String schema) {
    return release(commit, version, schema, "backend");
  }

  /** A release in which one service is another. */
  ReleaseManifest release(String commit, String version, String schema, String changed) {
    Map<String, ReleasedImage> images = new TreeMap<>();
    for (String service : List.of("backend", "frontend", "nginx")) {
      String own = service.equals(changed) ? version : "1";
      ReleasedImage image =
          new ReleasedImage(
              "registry.example/" + service,
              commit,
              Optional.of("sha256:digest-" + service + own),
              "sha256:" + service + own);
      images.put(service, image);
      server.registry.put(image.pinned(), image.id());
      server.versions.put(image.id(), version);
      server.schemas.put(image.id(), schema);
    }
    return new ReleaseManifest(
        commit,
        Optional.of(version),
        images,
        Optional.of(schema),
        Map.of("REGISTRY", "registry.example", "TAG", commit),
        Instant.EPOCH);
  }

  public Platform platform() {
    return platform(compose, settings);
  }

  public static Platform platform(String compose) {
    return platform(compose, "");
  }

  static Platform platform(String compose, String settings) {
    return PlatformFile.parse(
        PlatformSource.of(
            Map.of(
                "slipway.yml",
                settings,
                "docker-compose.prod.yml",
                compose,
                "backend/Dockerfile",
                "",
                "backend/alembic.ini",
                "",
                "frontend/Dockerfile",
                "",
                "nginx/Dockerfile",
                "")),
        Map.of("REGISTRY", "registry.example", "TAG", SECOND));
  }

  /** The local repository, which has the compose file of every commit but those not here. */
  CommandResult localGit(ShellCommand command) {
    String last = command.arguments().get(command.arguments().size() - 1);
    String commit = last.replaceFirst(":.*", "");
    if (PretendServer.isObjects(command.arguments())) {
      return PretendServer.said(server.tree(command.arguments()));
    }
    return last.equals("--show-prefix")
        ? PretendServer.said("\n")
        : Optional.ofNullable(server.composeFiles.get(commit))
            .filter(text -> !notHere.contains(commit))
            .map(PretendServer::said)
            .orElse(PretendServer.failed("unknown"));
  }

  Host host(Optional<RegistryLogin> login) {
    Shell local = (command, deadline, output) -> localGit(command);
    return new Host(
        server,
        platform(),
        new Source(new GitRepository(local, Path.of("/")), "docker-compose.prod.yml"),
        new ComposeCommands(
            ComposeTool.PLUGIN, platform().name(), CHECKOUT, "docker-compose.prod.yml", Map.of()),
        new HealthGate("version", 3, Duration.ofSeconds(10), clock, clock),
        new DeploySettings(login, Optional.empty(), images, false),
        log,
        clock,
        clock);
  }

  Deployment deployment(Optional<RegistryLogin> login) {
    Host host = host(login);
    return new Deployment(
        host,
        new DeployPlanner(platform()),
        new PlanExecutor(host, release -> moveLatest.accept(release), log, clock),
        log,
        clock,
        new Deployer("tester@here", new Deployer.Origin("tester", "here", 4711)));
  }

  ExitCode deploy(ReleaseManifest release) {
    return deployment(Optional.empty()).run(Action.DEPLOY, release);
  }

  void firstServes() {
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    server.database.tables = 3;
    server.ran.clear();
    lines.clear();
    latest.clear();
  }

  History history() {
    return new Ledger(server, new HostCommands(CHECKOUT)).read();
  }

  LedgerEntry lastEntry() {
    List<LedgerEntry> entries = history().entries();
    return entries.get(entries.size() - 1);
  }

  String backendImage() {
    Container backend = server.containers.get("backend");
    return backend == null ? "none" : backend.imageId();
  }

  String command(String fragment) {
    return server.ran.stream()
        .filter(command -> command.contains(fragment))
        .findFirst()
        .orElseThrow();
  }

  void answer(String fragment, CommandResult answer) {
    server.troubles.add(
        command -> command.toString().contains(fragment) ? Optional.of(answer) : Optional.empty());
  }

  void once(String fragment, Consumer<ShellCommand> event) {
    boolean[] befell = {false};
    server.troubles.add(
        command -> {
          if (!befell[0] && command.toString().contains(fragment)) {
            befell[0] = true;
            event.accept(command);
          }
          return Optional.empty();
        });
  }

  void interruptAt(String fragment) {
    once(
        fragment,
        command -> {
          Thread.currentThread().interrupt();
          throw PretendServer.interrupted(command);
        });
  }
}
