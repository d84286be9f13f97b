package dev.slipway.cli;

import dev.slipway.SlipwayException;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.HostCommands;
import dev.slipway.deploy.DeployLog;
import dev.slipway.deploy.DeploySettings;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.Host;
import dev.slipway.deploy.PlanExecutor;
import dev.slipway.deploy.Preflight;
import dev.slipway.deploy.Source;
import dev.slipway.deploy.SshServer;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.ssh.SshConnection;
import dev.slipway.effect.ssh.SshRoute;
import dev.slipway.health.HealthGate;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.DeployPlanner;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Variable;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One connection to the server, with everything that a verb needs on it. */
final class Session implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(20);

  private final Project project;
  private final Platform platform;
  private final DeployLog log;
  private final Clock clock;
  private final SshServer server;
  private final HostCommands commands;

  private Session(
      Project project, Platform platform, DeployLog log, Clock clock, SshServer server) {
    this.project = project;
    this.platform = platform;
    this.log = log;
    this.clock = clock;
    this.server = server;
    this.commands = new HostCommands(platform.serverDirectory());
  }

  /** Connects to the server that the environment names. */
  static Session open(Project project, DeployLog log, Clock clock) {
    SshSettings settings = new SshSettings(project.environment());
    SshRoute route = settings.route();
    SshServer server =
        SshServer.of(
            route.server().target().toString(),
            SshConnection.open(route, settings.knownHosts(), CONNECT),
            new HostCommands(project.platform().serverDirectory()));
    return new Session(project, project.platform(), log, clock, server);
  }

  SshServer server() {
    return server;
  }

  HostCommands commands() {
    return commands;
  }

  Preflight preflight() {
    return preflight(project.registryLogin());
  }

  private Preflight preflight(Optional<RegistryLogin> login) {
    return new Preflight(server, commands, login, clock);
  }

  /** The folder of the compose file on the server. */
  String composeDirectory() {
    String folder = project.repository().prefix();
    return folder.isEmpty()
        ? platform.serverDirectory()
        : platform.serverDirectory() + "/" + folder.substring(0, folder.length() - 1);
  }

  String environmentFile() {
    return composeDirectory() + "/.env";
  }

  /** The keys that only the server's {@code .env} can have. */
  Set<String> requiredVariables() {
    Set<String> given = project.imageNames().variables().keySet();
    return platform.variables().stream()
        .filter(Variable::required)
        .map(Variable::name)
        .filter(name -> !given.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  ComposeCommands compose() {
    ComposeTool tool =
        preflight(Optional.empty())
            .composeTool()
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "The server has no docker compose.",
                        "Install the compose plugin on the server: `apt-get install"
                            + " docker-compose-plugin`."));
    return new ComposeCommands(
        tool,
        platform.name(),
        composeDirectory(),
        platform.compose().file(),
        project.imageNames().variables());
  }

  /** The server, its secrets known to the log. */
  Host host() {
    Host host = newHost();
    host.learnSecrets();
    return host;
  }

  private Host newHost() {
    HealthGate gate =
        new HealthGate(
            platform.health().versionField(),
            platform.health().successes(),
            platform.health().budget(),
            clock,
            Session::pause);
    DeploySettings settings =
        new DeploySettings(
            project.registryLogin(), project.environment().healthUrl(), Duration.ofMinutes(30));
    return new Host(
        server,
        platform,
        new Source(project.repository(), platform.compose().file()),
        compose(),
        gate,
        settings,
        log,
        clock,
        Session::pause);
  }

  /**
   * A deployment, after everything that it needs of the server was found there; a way back does not
   * need the registry, whose images the server still has.
   */
  Deployment deployment(Action action, Consumer<ReleaseManifest> latest) {
    return deployment(action, latest, Optional.empty());
  }

  /**
   * The same; {@code reason} is recorded as why it is done although something speaks against it.
   */
  Deployment deployment(Action action, Consumer<ReleaseManifest> latest, Optional<String> reason) {
    preflight(action == Action.DEPLOY ? project.registryLogin() : Optional.empty())
        .require(environmentFile(), requiredVariables());
    Host host = newHost();
    return new Deployment(
        host,
        new DeployPlanner(platform),
        new PlanExecutor(host, latest, log, clock),
        log,
        clock,
        reason
            .map(project.environment().deployer()::forced)
            .orElse(project.environment().deployer()));
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          dev.slipway.ExitCode.UNKNOWN_STATE,
          "Interrupted while waiting.",
          "Run `slipway status`.",
          e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
