package dev.slipway.deploy.database;

import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.server.Server;
import dev.slipway.plan.ContainerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The running containers of the backend's image, which write to its database: the backend and its
 * workers.
 *
 * @param containers their ids, by service
 */
public record Writers(Map<String, String> containers) {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  /** Copies. */
  public Writers {
    containers = Map.copyOf(containers);
  }

  /** Those among the platform's containers. */
  public static Writers among(Map<String, ContainerState> all, String backend) {
    Optional<String> image = Optional.ofNullable(all.get(backend)).map(ContainerState::imageId);
    Map<String, String> writers = new TreeMap<>();
    all.forEach(
        (service, container) -> {
          if (container.state().equals("running")
              && image.equals(Optional.of(container.imageId()))) {
            writers.put(service, container.id());
          }
        });
    return new Writers(writers);
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
