package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Server;
import dev.slipway.deploy.swap.EdgeWatch;
import dev.slipway.effect.http.EdgeDoor;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.health.HealthGate;
import dev.slipway.health.Probe;
import dev.slipway.plan.ContainerState;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The waits of a deployment: for a service's own health check, and for the platform's health
 * endpoint.
 */
final class Gates {

  private static final Duration PROBE = Duration.ofSeconds(10);

  /** A run that finds nothing to do takes no longer than this and one question. */
  private static final Duration GLANCE = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration HEALTHY_WITHIN = Duration.ofMinutes(3);

  private final Server server;
  private final Platform platform;
  private final HealthGate gate;
  private final DeploySettings settings;
  private final DeployLog log;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private final HttpDoor http = new HttpDoor();
  private final EdgeDoor edge = new EdgeDoor();

  Gates(
      Server server,
      Platform platform,
      HealthGate gate,
      DeploySettings settings,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.server = server;
    this.platform = platform;
    this.gate = gate;
    this.settings = settings;
    this.log = log;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Waits until the edge answers, asked through the server and from outside, and these services are
   * well; one of them or of the release that keeps crashing ends it. What else is ill is only told.
   */
  void pass(
      ReleaseManifest release, Set<String> mustBeWell, Supplier<Map<String, ContainerState>> look) {
    Inside inside = new Inside(release, mustBeWell, look, PROBE);
    gate.pass(places(inside, PROBE), release.version(), log::gateShut);
    platform.compose().services().values().stream()
        .filter(service -> service.isAlwaysStarted() && !platform.isJob(service))
        .map(ServiceSpec::name)
        .filter(service -> !mustBeWell.contains(service))
        .forEach(service -> inside.illness(service).ifPresent(why -> log.ill(service, why)));
  }

  /**
   * Looks whether what nobody has to touch is well, for some seconds at most.
   *
   * @param containers as they were found
   * @throws SlipwayException when it is not
   */
  void glance(ReleaseManifest release, Map<String, ContainerState> containers) {
    for (String service : release.images().keySet()) {
      ContainerState container = containers.get(service);
      if (container != null && container.health().map("unhealthy"::equals).orElse(false)) {
        throw unwell(release, "Service " + service + " is unhealthy by its own health check.");
      }
    }
    try {
      gate.within(GLANCE)
          .pass(
              places(new Inside(release, Set.of(), () -> containers, PROBE), PROBE),
              release.version(),
              objection -> {});
    } catch (SlipwayException shut) {
      throw unwell(release, shut.what());
    }
  }

  private static SlipwayException unwell(ReleaseManifest release, String why) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "There is nothing to change, "
            + release.briefCommit()
            + " runs as it was deployed, but it is not well: "
            + why,
        "`slipway status` and `slipway logs` show more; restart what is ill, or `slipway rollback`.");
  }

  private List<HealthGate.Place> places(Inside inside, Duration longest) {
    List<HealthGate.Place> places = new ArrayList<>();
    places.add(new HealthGate.Place("asked on the server itself", inside, inside::objection));
    settings
        .healthUrl()
        .ifPresent(
            outside ->
                places.add(
                    new HealthGate.Place("asked at " + outside, () -> http.get(outside, longest))));
    return places;
  }

  /** The edge, asked on the server itself, and the containers as they are then. */
  private final class Inside implements Probe {

    private final Set<String> mustBeWell;
    private final Supplier<Map<String, ContainerState>> look;
    private final Duration longest;
    private final CrashWatch watch;
    private Map<String, ContainerState> containers;

    Inside(
        ReleaseManifest release,
        Set<String> mustBeWell,
        Supplier<Map<String, ContainerState>> look,
        Duration longest) {
      this.mustBeWell = new TreeSet<>(mustBeWell);
      this.look = look;
      this.longest = longest;
      this.containers = look.get();
      Set<String> watched = new TreeSet<>(mustBeWell);
      watched.addAll(platform.withSharers(release.images().keySet()));
      this.watch = new CrashWatch(watched, containers, clock);
    }

    @Override
    public HttpAnswer ask() throws IOException {
      containers = look.get();
      watch.check(containers);
      return askEdge(containers, longest);
    }

    Optional<String> objection() {
      return mustBeWell.stream()
          .flatMap(
              service ->
                  (containers.containsKey(service)
                          ? illness(service)
                          : Optional.of("has no container"))
                      .map(why -> "service " + service + " " + why).stream())
          .findFirst();
    }

    /** What is wrong with a service that has a container. */
    Optional<String> illness(String service) {
      return Optional.ofNullable(containers.get(service)).flatMap(ContainerState::illness);
    }
  }

  /** An edge that has just stopped publishes no port, and may be back at the next question. */
  private HttpAnswer askEdge(Map<String, ContainerState> containers, Duration longest)
      throws IOException {
    String service = platform.entry().name();
    ContainerState container = containers.get(service);
    if (container == null || container.publishedPorts().isEmpty()) {
      throw new IOException("service " + service + " publishes no port; it may have stopped");
    }
    return edge.get(
        new PortsOnServer(server, container.publishedPorts()),
        platform.health().path(),
        platform.health().host(),
        longest);
  }

  /** Sees, on the server itself, whether the edge goes on reaching what stands behind it. */
  EdgeWatch watch(Supplier<Map<String, ContainerState>> look) {
    return new EdgeWatch(
        () -> askEdge(look.get(), PROBE), platform.health().versionField(), clock, pause);
  }

  /**
   * Waits until services that were replaced are well.
   *
   * @see Settling
   */
  void awaitSettled(Set<String> services, Supplier<Map<String, ContainerState>> look) {
    if (!services.isEmpty()) {
      new Settling(services, clock, pause).await(look);
    }
  }

  /**
   * Waits until a service's own health check is content, three minutes at most, or until it has
   * done its work; one for which others wait may take as long as a migration.
   */
  void awaitReady(ServiceSpec service, Supplier<Optional<ContainerState>> look) {
    boolean mustEnd = platform.compose().mustEnd(service);
    Duration longest = mustEnd ? platform.migrations().patience().deadline() : HEALTHY_WITHIN;
    Instant end = clock.instant().plus(longest);
    Optional<ContainerState> now = look.get();
    while (!now.map(container -> isReady(service, container)).orElse(false)) {
      if (!clock.instant().isBefore(end)) {
        throw notReady(
            service,
            (mustEnd ? "did not end within " : "did not become healthy within ")
                + longest.toSeconds()
                + (mustEnd ? " s (migrations.deadline in slipway.yml)" : " s"));
      }
      int status =
          now.filter(each -> each.state().equals("exited"))
              .map(ContainerState::exitStatus)
              .orElse(0);
      if (status != 0 && platform.compose().mayEnd(service)) {
        throw notReady(service, "ended with exit status " + status);
      }
      pause.accept(PAUSE);
      now = look.get();
    }
  }

  private boolean isReady(ServiceSpec service, ContainerState container) {
    return (container.well() && !platform.compose().mustEnd(service))
        || (container.done() && platform.compose().mayEnd(service));
  }

  private static SlipwayException notReady(ServiceSpec service, String why) {
    return new SlipwayException(
        ExitCode.FAILED_OLD_VERSION_SERVING,
        "Service " + service.name() + " " + why + ".",
        "Read its log: `slipway logs " + service.name() + "`.");
  }
}
