package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.health.HealthGate;
import dev.slipway.plan.ContainerState;
import dev.slipway.platform.Platform;
import java.net.URI;
import java.time.Duration;
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
  private static final int MOST_LOOKS = 360;

  private final Server server;
  private final Platform platform;
  private final HealthGate gate;
  private final DeploySettings settings;
  private final DeployLog log;
  private final Consumer<Duration> pause;
  private final HttpDoor http = new HttpDoor();

  Gates(
      Server server,
      Platform platform,
      HealthGate gate,
      DeploySettings settings,
      DeployLog log,
      Consumer<Duration> pause) {
    this.server = server;
    this.platform = platform;
    this.gate = gate;
    this.settings = settings;
    this.log = log;
    this.pause = pause;
  }

  /** Waits until the edge answers, asked through the server and then from outside. */
  void pass(Optional<String> version, Map<String, ContainerState> containers) {
    int port = edgePort(containers);
    try (Server.Tunnel tunnel = server.tunnel(port)) {
      URI inside = URI.create("http://127.0.0.1:" + tunnel.localPort() + platform.health().path());
      gate.pass(
          "asked on the server's port " + port,
          () -> http.get(inside, PROBE),
          version,
          log::gateShut);
    }
    settings
        .healthUrl()
        .ifPresent(
            outside ->
                gate.pass(
                    "asked at " + outside, () -> http.get(outside, PROBE), version, log::gateShut));
  }

  private int edgePort(Map<String, ContainerState> containers) {
    ContainerState edge = containers.get(platform.entry().name());
    if (edge == null || edge.publishedPorts().isEmpty()) {
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "The edge service "
              + platform.entry().name()
              + " publishes no port, so nothing can be asked of it.",
          "Look at `docker ps` on the server: the container may have stopped; `slipway logs` shows its words.");
    }
    return edge.publishedPorts().entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .orElseThrow()
        .getValue();
  }

  /** Waits until a service's own health check is content. */
  void awaitHealthy(String service, Supplier<Optional<ContainerState>> look) {
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      Optional<ContainerState> state = look.get();
      boolean running = state.map(found -> found.state().equals("running")).orElse(false);
      if (running && state.flatMap(ContainerState::health).map("healthy"::equals).orElse(true)) {
        return;
      }
      pause.accept(PAUSE);
    }
    throw new SlipwayException(
        ExitCode.FAILED_OLD_VERSION_SERVING,
        "Service " + service + " did not become healthy.",
        "Read its log: `slipway logs " + service + "`.");
  }
}
