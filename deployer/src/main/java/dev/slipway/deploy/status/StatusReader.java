package dev.slipway.deploy.status;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.environment.EnvironmentFile;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.swap.Instance;
import dev.slipway.deploy.swap.Instances;
import dev.slipway.ledger.History;
import dev.slipway.ledger.Ledger;
import dev.slipway.plan.Leftover;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ComposeDifference;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Asks a server for its status; it changes nothing and needs no compose. */
public final class StatusReader {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Shell shell;
  private final Platform platform;
  private final HostCommands commands;
  private final String environmentFile;
  private final String composePath;
  private final DeployLog log;

  /**
   * A reader for one platform.
   *
   * @param environmentFile its {@code .env} on the server
   * @param composePath its compose file inside the repository
   */
  public StatusReader(
      Shell shell, Platform platform, String environmentFile, String composePath, DeployLog log) {
    this.shell = shell;
    this.platform = platform;
    this.commands = new HostCommands(platform.serverDirectory());
    this.environmentFile = environmentFile;
    this.composePath = composePath;
    this.log = log;
  }

  /** Reads everything, once. */
  public ServerStatus read() {
    CommandResult file = new EnvironmentFile(shell, platform, environmentFile, log).learn();
    String environment =
        demanded(
            file,
            commands.variables().readVariables(environmentFile),
            "Give the user the right to read it.");
    History history = new Ledger(shell, commands).read().withReasons(log::redacted);
    Map<String, Instance> found = new Instances(shell, commands, platform.name()).look().newest();
    Map<String, Sighting> containers = new TreeMap<>();
    found.forEach((service, each) -> containers.put(service, Sighting.of(each)));
    return ServerStatus.of(
        history,
        schemaRevision(found),
        containers,
        maintenance(found),
        DeployLock.holder(shell, commands),
        leftovers(history, found),
        checkout(history, environment));
  }

  /** A line of each container of a service that what serves does not have. */
  private List<String> leftovers(History history, Map<String, Instance> found) {
    Optional<ReleaseManifest> release = history.current();
    if (release.isEmpty()) {
      return List.of();
    }
    CommandResult file =
        shell.run(commands.git().show(release.get().commit(), composePath), DEADLINE);
    Set<String> described;
    try {
      described = ComposeDifference.described(composePath, file.standardOutput());
    } catch (SlipwayException unreadable) {
      return List.of();
    }
    return found.entrySet().stream()
        .filter(each -> !described.contains(each.getKey()))
        .map(
            each ->
                Leftover.advice(
                    each.getKey(),
                    each.getValue().asState().image(),
                    each.getValue().id(),
                    release.get().briefCommit()))
        .toList();
  }

  private boolean maintenance(Map<String, Instance> found) {
    Maintenance maintenance = new Maintenance(shell, platform);
    return platform
        .service(Role.EDGE)
        .map(ServiceSpec::name)
        .map(found::get)
        .filter(Instance::runs)
        .map(edge -> maintenance.isOn(edge.id()))
        .orElse(false);
  }

  private Optional<String> schemaRevision(Map<String, Instance> found) {
    return platform
        .service(Role.POSTGRES)
        .map(ServiceSpec::name)
        .map(found::get)
        .filter(Instance::runs)
        .map(postgres -> shell.run(commands.schemaRevision(postgres.id()), DEADLINE))
        .filter(CommandResult::succeeded)
        .map(result -> result.standardOutput().strip())
        .filter(revision -> !revision.isEmpty());
  }

  private Drift.Checkout checkout(History history, String environment) {
    String head =
        require(commands.git().head(), "Clone the platform there: `slipway bootstrap`.").strip();
    boolean newer =
        history
            .current()
            .map(ReleaseManifest::commit)
            .filter(serving -> !serving.equals(head))
            .map(
                serving ->
                    shell.run(commands.git().isAncestor(serving, head), DEADLINE).succeeded())
            .orElse(false);
    List<String> edits =
        shell
            .run(commands.git().localEdits(), DEADLINE)
            .standardOutput()
            .lines()
            .map(line -> line.substring(Math.min(3, line.length())))
            .toList();
    return new Drift.Checkout(
        head, newer, edits, EnvironmentVariable.values(environment, Map.of()));
  }

  private String require(ShellCommand command, String advice) {
    return demanded(shell.run(command, DEADLINE), command, advice);
  }

  private static String demanded(CommandResult result, ShellCommand command, String advice) {
    if (!result.succeeded()) {
      throw SlipwayException.refused(
          "The status cannot be read: " + command + " said: " + result.tail(3) + ".", advice);
    }
    return result.standardOutput();
  }
}
