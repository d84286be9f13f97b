package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Server;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.Leftover;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The platform's services as compose runs them on the server. */
final class Services {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration PULL = Duration.ofMinutes(20);
  private static final Duration UPDATE = Duration.ofMinutes(10);
  private static final int LOG_LINES = 50;
  private static final String LOOK = "Look at `docker ps --all` on the server.";

  private final Remote remote;
  private final Platform platform;
  private final ComposeCommands compose;
  private final SwapCommands commands;
  private final Observer observer;
  private final Gates gates;
  private final DeployLog log;

  Services(
      Server server,
      Platform platform,
      ComposeCommands compose,
      SwapCommands commands,
      Observer observer,
      Gates gates,
      DeployLog log) {
    this.remote = new Remote(server);
    this.platform = platform;
    this.compose = compose;
    this.commands = commands;
    this.observer = observer;
    this.gates = gates;
    this.log = log;
  }

  void pull(ReleaseManifest release, List<String> services) {
    remote.require(
        of(release).pull(services),
        PULL,
        "Check that the server reaches the registry of these images.");
  }

  void start(ReleaseManifest release, List<String> services) {
    require(of(release).up(services), longest(services));
    for (String name : services) {
      ServiceSpec service = platform.compose().services().get(name);
      if (service != null) {
        awaitReady(service);
      }
    }
  }

  private void awaitReady(ServiceSpec service) {
    gates.awaitReady(service, () -> Optional.ofNullable(observer.containers().get(service.name())));
  }

  /**
   * Has compose bring services up to date, also those in which it sees no change, and waits for
   * jobs and those that must be well; not for the ones that answer the gate, which waits itself.
   */
  void update(
      ReleaseManifest release, List<String> services, Set<String> unseen, Set<String> mustBeWell) {
    List<String> seen = services.stream().filter(each -> !unseen.contains(each)).toList();
    if (!seen.isEmpty()) {
      require(of(release).up(seen), longest(seen));
    }
    if (!unseen.isEmpty()) {
      require(of(release).recreate(services.stream().filter(unseen::contains).toList()), UPDATE);
    }
    services.stream()
        .map(platform.compose().services()::get)
        .filter(service -> service != null && platform.isJob(service))
        .forEach(this::awaitReady);
    Set<String> awaited = new TreeSet<>(services);
    awaited.retainAll(mustBeWell);
    awaitSettled(awaited);
  }

  /** Waits for services other than the ones that answer the gate, which waits itself. */
  void awaitSettled(Collection<String> services) {
    Set<String> awaited = new TreeSet<>(services);
    awaited.remove(platform.backend().name());
    awaited.remove(platform.entry().name());
    gates.awaitSettled(awaited, observer::newest);
  }

  /**
   * Stops those of these containers that are there, each within its own grace period, and removes
   * them; their volumes stay, whatever they are called.
   */
  void remove(List<String> containers) {
    if (containers.isEmpty()) {
      return;
    }
    Set<String> there = observer.ids();
    List<String> left = containers.stream().filter(there::contains).toList();
    if (!left.isEmpty()) {
      remote.require(commands.host().stop(left), UPDATE, LOOK);
      remote.require(commands.host().remove(left), SHORT, LOOK);
    }
  }

  /** Shows the last lines of containers that are not well, and removes all of them. */
  void withdraw(List<Leftover> containers) {
    containers.stream()
        .filter(each -> !each.container().well())
        .forEach(each -> log.culprit(each.service(), lastLines(each.container())));
    remove(containers.stream().map(each -> each.container().id()).toList());
  }

  private List<String> lastLines(ContainerState container) {
    return remote
        .run(commands.logs(container.id(), LOG_LINES), SHORT)
        .standardOutput()
        .lines()
        .toList();
  }

  /** Compose itself waits for a job before it starts what depends on it. */
  private Duration longest(List<String> services) {
    Duration job = platform.migrations().patience().deadline();
    boolean waits =
        services.stream()
            .map(platform.compose().services()::get)
            .anyMatch(service -> service != null && platform.compose().mustEnd(service));
    return waits && job.compareTo(UPDATE) > 0 ? job : UPDATE;
  }

  private void require(ShellCommand command, Duration longest) {
    remote.require(
        command, longest, "Read what compose printed; `slipway logs` shows the services' words.");
  }

  /**
   * The last lines of each service that is not well, and of the backend; as many as can be had,
   * since going back must not fail for want of them.
   */
  Map<String, List<String>> culprits() {
    Map<String, List<String>> culprits = new TreeMap<>();
    try {
      readCulprits(culprits);
    } catch (SlipwayException unreadable) {
      log.note("No more of the services' logs can be read: " + unreadable.what());
    }
    return culprits;
  }

  private void readCulprits(Map<String, List<String>> culprits) {
    Map<String, ContainerState> containers = observer.newest();
    for (String service : platform.compose().services().keySet()) {
      ContainerState container = containers.get(service);
      if (container != null
          && ((!container.well() && !container.done())
              || service.equals(platform.backend().name()))) {
        culprits.put(service, lastLines(container));
      }
    }
  }

  private ComposeCommands of(ReleaseManifest release) {
    return compose.withVariables(release.variables());
  }
}
