package dev.slipway.deploy.database;

import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.server.Server;
import dev.slipway.plan.ContainerState;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ServiceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The containers of the backend's image, which write to its database: the backend and its workers,
 * those of an older image and of services that the platform has no more included.
 *
 * @param containers their ids, by service
 * @param stopped the services among them that do not run now, though they should
 */
public record Writers(Map<String, String> containers, Set<String> stopped) {

  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Set<String> RUNNING = Set.of("running", "restarting");
  private static final Set<String> STOPPED = Set.of("exited", "created");

  /** Copies. */
  public Writers {
    containers = Map.copyOf(containers);
    stopped = Set.copyOf(stopped);
  }

  /** Those among the platform's containers. */
  public static Writers among(Map<String, ContainerState> all, Platform platform) {
    Map<String, String> writers = new TreeMap<>();
    Set<String> stopped = new TreeSet<>();
    all.forEach(
        (service, container) -> {
          if (!writes(service, container, all, platform)) {
            return;
          }
          if (RUNNING.contains(container.state())) {
            writers.put(service, container.id());
          } else if (STOPPED.contains(container.state()) && shouldRun(service, platform)) {
            writers.put(service, container.id());
            stopped.add(service);
          }
        });
    return new Writers(writers, stopped);
  }

  private static boolean writes(
      String service,
      ContainerState container,
      Map<String, ContainerState> all,
      Platform platform) {
    String backend = platform.backend().name();
    ContainerState ofTheBackend = all.get(backend);
    return (ofTheBackend != null && ofTheBackend.imageId().equals(container.imageId()))
        || (ofTheBackend != null && container.hasImageNameOf(ofTheBackend))
        || backend.equals(platform.sharers().get(service));
  }

  private static boolean shouldRun(String service, Platform platform) {
    ServiceSpec described = platform.compose().services().get(service);
    return described != null
        && described.isAlwaysStarted()
        && !platform.compose().mayEnd(described);
  }

  /** Their services, in order. */
  public List<String> services() {
    return containers.keySet().stream().sorted().toList();
  }

  /** Stops them, each within its own grace period. */
  public void stop(Server server, HostCommands commands) {
    if (!containers.isEmpty()) {
      require(server, commands.stop(ids()));
    }
  }

  /** Starts them again. */
  public void start(Server server, HostCommands commands) {
    if (!containers.isEmpty()) {
      require(server, commands.start(ids()));
    }
  }

  private List<String> ids() {
    return new TreeMap<>(containers).values().stream().toList();
  }

  private static void require(Server server, ShellCommand command) {
    CommandResult result = server.run(command, DEADLINE);
    if (!result.succeeded()) {
      throw DatabaseShell.failed(
          command + " failed on the server: " + result.tail(3) + ".",
          "Look at `docker ps --all` on the server.");
    }
  }
}
