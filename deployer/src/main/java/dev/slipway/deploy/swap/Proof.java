package dev.slipway.deploy.swap;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Server;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.health.HealthGate;
import dev.slipway.platform.Platform;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What new containers must show before they may take over: health, and the backend's version. */
public final class Proof {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration PROBE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(300);

  /** The gate asks the edge again, at its own pace, while there is a way back. */
  private static final Duration BETWEEN_ANSWERS = Duration.ofMillis(100);

  private static final int TOO_OFTEN = 2;
  private static final int LOG_LINES = 50;

  private final Server server;
  private final Remote remote;
  private final Platform platform;
  private final SwapCommands commands;
  private final Instances instances;
  private final HealthGate gate;
  private final DeployLog log;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private final HttpDoor http = new HttpDoor();

  /**
   * The proof of a platform's containers on a server.
   *
   * @param gate what the platform answers when it is well
   * @param pause waits as long as it is told
   */
  public Proof(
      Server server,
      Platform platform,
      SwapCommands commands,
      Instances instances,
      HealthGate gate,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.server = server;
    this.remote = new Remote(server);
    this.platform = platform;
    this.commands = commands;
    this.instances = instances;
    this.gate = gate.every(BETWEEN_ANSWERS);
    this.log = log;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Waits until new containers are well and the backend among them answers its version itself; one
   * that is not shows its last words.
   */
  void prove(List<Instance> started, Optional<String> version) {
    Instant began = clock.instant();
    awaitHealthy(started);
    for (Instance each : started) {
      if (each.service().equals(platform.backend().name())) {
        askForVersion(each, version);
      }
    }
    log.proved(
        started.stream().map(Instance::service).toList(), Duration.between(began, clock.instant()));
  }

  /** Waits until they run and are healthy; one that is not shows its last words. */
  void awaitHealthy(List<Instance> started) {
    Instant end = clock.instant().plus(platform.health().budget());
    List<Instance> waiting = started;
    while (true) {
      List<String> unwell = new ArrayList<>();
      for (Instance now : waiting) {
        if (!now.runs() || !isWell(now)) {
          trouble(now, !clock.instant().isBefore(end)).ifPresent(why -> fail(now, why));
          unwell.add(now.id());
        }
      }
      if (unwell.isEmpty()) {
        return;
      }
      pause.accept(PAUSE);
      waiting = instances.now(unwell);
    }
  }

  /** The engine runs a health check only after its first interval, which is not waited for. */
  private boolean isWell(Instance now) {
    String health = now.healthCheck().state().orElse("healthy");
    return health.equals("healthy") || (health.equals("starting") && passesHealthCheck(now));
  }

  private boolean passesHealthCheck(Instance now) {
    List<String> check = now.healthCheck().command();
    Duration longest = now.healthCheck().timeout();
    return !check.isEmpty()
        && remote.tried(commands.checkHealth(now.id(), check, longest), longest.plus(SHORT));
  }

  private Optional<String> trouble(Instance now, boolean late) {
    if (now.restarts() >= TOO_OFTEN) {
      return Optional.of("keeps crashing: restarted " + now.restarts() + " times");
    }
    if (now.state().equals("exited") || now.state().equals("dead")) {
      return Optional.of("has ended");
    }
    // The engine calls one unhealthy, too, that has just crashed.
    if (now.runs() && now.healthCheck().state().map("unhealthy"::equals).orElse(false)) {
      return Optional.of("is unhealthy by its own health check");
    }
    return late
        ? Optional.of(
            "did not become healthy within " + platform.health().budget().toSeconds() + " s")
        : Optional.empty();
  }

  private void fail(Instance culprit, String why) {
    showLastWords(culprit);
    throw new SlipwayException(
        ExitCode.FAILED_OLD_VERSION_SERVING,
        "The new container of " + culprit.service() + " " + why + ".",
        "Its last lines stand above; mend them, verify and deploy again.");
  }

  private void showLastWords(Instance culprit) {
    List<String> words = new ArrayList<>();
    try {
      CommandResult logs = remote.run(commands.logs(culprit.id(), LOG_LINES), SHORT);
      logs.standardOutput().lines().forEach(words::add);
    } catch (SlipwayException unreadable) {
      words.add("they cannot be read: " + unreadable.what());
    }
    log.culprit(culprit.service(), words);
    List<String> printed = culprit.healthCheck().log();
    if (!printed.isEmpty()) {
      log.healthLog(culprit.service(), printed);
    }
  }

  private void askForVersion(Instance backend, Optional<String> version) {
    Optional<String> address = backend.addresses().values().stream().findFirst();
    Optional<Integer> port =
        platform.backend().containerPorts().stream().findFirst().or(backend::port);
    if (address.isEmpty() || port.isEmpty()) {
      log.note(
          "      "
              + backend.service()
              + " opens no port that its image or compose file names; its version is asked through the edge alone");
      return;
    }
    // A way that is not there says nothing about the container.
    Server.Tunnel tunnel = server.tunnel(address.get(), port.get());
    try (tunnel) {
      URI uri = URI.create("http://127.0.0.1:" + tunnel.localPort() + platform.health().path());
      gate.pass(
          List.of(
              new HealthGate.Place("asked in its new container", () -> http.getHere(uri, PROBE))),
          version,
          log::gateShut);
    } catch (SlipwayException shut) {
      if (!Thread.currentThread().isInterrupted()) {
        showLastWords(instances.now(backend.id()));
      }
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING, shut.what(), shut.advice(), shut);
    }
  }
}
