package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.SwapCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at the containers of a platform. */
public final class Instances {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Shell shell;
  private final HostCommands commands;
  private final String project;

  /** A look at the containers of a compose project, through a shell on its server. */
  public Instances(Shell shell, HostCommands commands, String project) {
    this.shell = shell;
    this.commands = commands;
    this.project = project;
  }

  /** Every container of the project, stopped ones included, one-off ones left out. */
  List<Instance> all() {
    return read(shell.run(commands.containers(project), DEADLINE));
  }

  /** The same, and which of them stand for their services. */
  public Containers look() {
    List<Instance> all = all();
    long services = all.stream().map(Instance::service).distinct().count();
    return new Containers(all, services < all.size() ? stopping() : Set.of());
  }

  private Set<String> stopping() {
    CommandResult noted = shell.run(new SwapCommands(commands).stopping(), DEADLINE);
    return noted.succeeded()
        ? noted.standardOutput().lines().collect(Collectors.toSet())
        : Set.of();
  }

  /** One container as it is now. */
  Instance now(String id) {
    return now(List.of(id)).get(0);
  }

  /** Containers as they are now. */
  List<Instance> now(List<String> ids) {
    List<Instance> found = read(shell.run(commands.inspect("container", ids), DEADLINE));
    List<String> vanished = new ArrayList<>(ids);
    found.forEach(each -> vanished.remove(each.id()));
    if (!vanished.isEmpty()) {
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "Container " + vanished.get(0) + " has vanished from the server.",
          "See who else works there; `slipway status` shows what runs.");
    }
    return found;
  }

  /** Those that are there: one that is gone meanwhile makes the command fail. */
  private static List<Instance> read(CommandResult result) {
    List<Instance> found = new ArrayList<>();
    try {
      for (JsonNode node : Json.tree(result.standardOutput())) {
        found.add(new Instance(node));
      }
    } catch (IllegalArgumentException e) {
      throw unreadable(result);
    }
    return found;
  }

  private static SlipwayException unreadable(CommandResult result) {
    return SlipwayException.refused(
        "The server's containers could not be looked at: " + result.tail(3) + ".",
        "Run `docker ps` by hand on the server; `slipway doctor` checks the rest.");
  }
}
