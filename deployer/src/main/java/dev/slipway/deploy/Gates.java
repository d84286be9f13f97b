package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Server;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.health.HealthGate;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.PublishedPort;
import dev.slipway.platform.Platform;
import dev.slipway.platform.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The waits of a deployment: for a service's own health check, and for the platform's health
 * endpoint.
 */
final class Gates {

  private static final Duration PROBE = Duration.ofSeconds(10);
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
   * Waits until the edge answers, asked through the server and from outside; a service of the
   * release that keeps crashing ends it.
   */
  void pass(ReleaseManifest release, Supplier<Map<String, ContainerState>> look) {
    CrashWatch watch =
        new CrashWatch(platform.withSharers(release.images().keySet()), look.get(), clock);
    List<HealthGate.Place> places = new ArrayList<>();
    places.add(
        new HealthGate.Place("asked on the server itself", () -> askInside(watch, look.get())));
    settings
        .healthUrl()
        .ifPresent(
            outside ->
                places.add(
                    new HealthGate.Place("asked at " + outside, () -> http.get(outside, PROBE))));
    gate.pass(places, release.version(), log::gateShut);
  }

  /** An edge that has just stopped publishes no port, and may be back at the next question. */
  private HttpAnswer askInside(CrashWatch watch, Map<String, ContainerState> containers)
      throws IOException {
    watch.check(containers);
    String edge = platform.entry().name();
    PublishedPort port =
        Optional.ofNullable(containers.get(edge))
            .flatMap(ContainerState::firstPort)
            .orElseThrow(
                () ->
                    new IOException("service " + edge + " publishes no port; it may have stopped"));
    try (Server.Tunnel tunnel = server.tunnel(port.address(), port.number())) {
      return http.getHere(
          URI.create("http://127.0.0.1:" + tunnel.localPort() + platform.health().path()),
          platform.health().host(),
          PROBE);
    }
  }

  /**
   * Waits until a service's own health check is content or it has done its work, or three minutes
   * are over.
   */
  void awaitReady(ServiceSpec service, Supplier<Optional<ContainerState>> look) {
    Instant end = clock.instant().plus(HEALTHY_WITHIN);
    Optional<ContainerState> now = look.get();
    while (!now.map(container -> isReady(service, container)).orElse(false)) {
      if (!clock.instant().isBefore(end)) {
        throw notReady(
            service, "did not become healthy within " + HEALTHY_WITHIN.toSeconds() + " s");
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
