package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ComposeTool;
import dev.slipway.command.HostCommands;
import dev.slipway.deploy.DeploySettings;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.Host;
import dev.slipway.deploy.PlanExecutor;
import dev.slipway.deploy.Restore;
import dev.slipway.deploy.Source;
import dev.slipway.deploy.bootstrap.Bootstrap;
import dev.slipway.deploy.doctor.Doctor;
import dev.slipway.deploy.doctor.Preflight;
import dev.slipway.deploy.environment.EnvironmentFile;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.SshServer;
import dev.slipway.deploy.status.Maintenance;
import dev.slipway.deploy.status.ServerStatus;
import dev.slipway.deploy.status.StatusReader;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.health.HealthGate;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.DeployPlanner;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.PortMapping;
import dev.slipway.platform.compose.Variable;
import dev.slipway.release.ReleaseManifest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One connection to the server, with everything that a verb needs on it. */
final class Session implements AutoCloseable {

  private static final int SSH_PORT = 22;

  private final Project project;
  private final Platform platform;
  private final DeployLog log;
  private final Clock clock;
  private final SshServer server;
  private final HostCommands commands;
  private @Nullable ComposeTool composeTool;
  private @Nullable Host host;

  private Session(
      Project project, Platform platform, DeployLog log, Clock clock, SshServer server) {
    this.project = project;
    this.platform = platform;
    this.log = log;
    this.clock = clock;
    this.server = server;
    this.commands = new HostCommands(platform.serverDirectory());
  }

  /** A session over a connection. */
  static Session of(Project project, SshServer server, DeployLog log, Clock clock) {
    return new Session(project, project.platform(), log, clock, server);
  }

  Project project() {
    return project;
  }

  SshServer server() {
    return server;
  }

  HostCommands commands() {
    return commands;
  }

  Preflight preflight() {
    return preflight(project.serverLogin());
  }

  /** The checks of a server without a look at the registry, whose name nobody knows. */
  Preflight preflightWithoutRegistry() {
    return preflight(Optional.empty());
  }

  private Preflight preflight(Optional<RegistryLogin> login) {
    return new Preflight(
        server, commands, login, clock, project.images().transfer(), this::allowsTunnel);
  }

  /** At the edge's port, at which the gate will ask; nobody need listen there. */
  private boolean allowsTunnel() {
    int port = platform.entryPort().flatMap(PortMapping::published).orElse(SSH_PORT);
    return server.allowsTunnel("127.0.0.1", port);
  }

  /** The folder of the compose file on the server. */
  String composeDirectory() {
    String folder = project.repository().prefix();
    return folder.isEmpty()
        ? platform.serverDirectory()
        : platform.serverDirectory() + "/" + folder.substring(0, folder.length() - 1);
  }

  String environmentFile() {
    return EnvironmentFile.in(composeDirectory());
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
    return compose(preflight(Optional.empty()));
  }

  private ComposeCommands compose(Preflight preflight) {
    return new ComposeCommands(
        composeTool(preflight),
        platform.name(),
        composeDirectory(),
        platform.compose().file(),
        project.imageNames().variables());
  }

  /** Asked for once: the first generation of compose takes half a second to tell its version. */
  private ComposeTool composeTool(Preflight preflight) {
    ComposeTool tool = composeTool;
    if (tool == null) {
      tool =
          preflight
              .composeTool()
              .orElseThrow(
                  () ->
                      SlipwayException.refused(
                          "The server has no docker compose.", Preflight.INSTALL_COMPOSE));
      composeTool = tool;
    }
    return tool;
  }

  /** What the server serves, and what was changed there by hand. */
  ServerStatus status() {
    String composePath = project.repository().prefix() + platform.compose().file();
    return new StatusReader(server, platform, environmentFile(), composePath, log).read();
  }

  /** The server, its secrets known to the log; made at the first call. */
  Host host() {
    Host known = host;
    if (known == null) {
      known = newHost(compose());
      known.learnSecrets();
      host = known;
    }
    return known;
  }

  private Host newHost(ComposeCommands compose) {
    HealthGate gate =
        new HealthGate(
            platform.health().versionField(),
            platform.health().successes(),
            platform.health().budget(),
            clock,
            Session::pause);
    DeploySettings settings =
        new DeploySettings(
            project.serverLogin(),
            project.environment().healthUrl(),
            Optional.of(project.imageSource(clock, log::note)),
            project.environment().rehearses());
    return new Host(
        server,
        platform,
        new Source(project.repository(), platform.compose().file()),
        compose,
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
    Preflight preflight =
        preflight(action == Action.DEPLOY ? project.serverLogin() : Optional.empty());
    preflight.require(environmentFile(), requiredVariables());
    Host target = host == null ? newHost(compose(preflight)) : host;
    return new Deployment(
        target,
        new DeployPlanner(platform),
        new PlanExecutor(target, latest, log, clock),
        log,
        clock,
        reason
            .map(project.environment().deployer()::forced)
            .orElse(project.environment().deployer()));
  }

  /** What puts a backup in the database's place. */
  Restore restore() {
    return new Restore(host(), log, clock, project.environment().deployer());
  }

  /** Keeps the secrets of the server's {@code .env} out of all that is printed from now on. */
  void learnSecrets() {
    host();
  }

  /** The same where there may be none yet, or where it cannot be read, which others tell of. */
  void learnSecretsThatThereAre() {
    new EnvironmentFile(server, platform, environmentFile(), log).learn();
  }

  /** What only doctor looks at. */
  Doctor doctor(Optional<URI> healthUrl) {
    return new Doctor(server, platform, composeDirectory(), healthUrl);
  }

  Maintenance maintenance() {
    return new Maintenance(server, platform);
  }

  /** The first preparation of a bare server. */
  Bootstrap bootstrap(String origin) {
    return new Bootstrap(
        server, commands, preflight(), origin, environmentFile(), requiredVariables(), log);
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE, "Interrupted while waiting.", "Run `slipway status`.", e);
    }
  }

  @Override
  public void close() {
    project.close();
    server.close();
  }
}
