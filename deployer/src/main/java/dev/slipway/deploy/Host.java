package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.database.BackupFile;
import dev.slipway.deploy.database.BackupFolder;
import dev.slipway.deploy.database.NeededBackups;
import dev.slipway.deploy.database.PlatformDatabase;
import dev.slipway.deploy.database.Writers;
import dev.slipway.deploy.environment.EnvironmentFile;
import dev.slipway.deploy.images.ServerImages;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.deploy.lock.LockHolder;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Server;
import dev.slipway.deploy.status.Sighting;
import dev.slipway.deploy.swap.EdgeReplacement;
import dev.slipway.deploy.swap.EdgeWatch;
import dev.slipway.deploy.swap.Edges;
import dev.slipway.deploy.swap.Instances;
import dev.slipway.deploy.swap.NewContainers;
import dev.slipway.deploy.swap.Proof;
import dev.slipway.deploy.swap.Swap;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.health.HealthGate;
import dev.slipway.ledger.Footprint;
import dev.slipway.ledger.History;
import dev.slipway.ledger.Ledger;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.HostState;
import dev.slipway.plan.Leftover;
import dev.slipway.plan.Step;
import dev.slipway.platform.HostNames;
import dev.slipway.platform.Platform;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The server as a deployment sees it: what can be asked of it and done to it, each with a deadline.
 */
public final class Host {

  private static final Duration SHORT = Duration.ofSeconds(60);

  private final Server server;
  private final Remote remote;
  private final Platform platform;
  private final ComposeCommands compose;
  private final HostCommands commands;
  private final EnvironmentFile variables;
  private final Ledger ledger;
  private final Instances instances;
  private final Observer observer;
  private final Gates gates;
  private final Checkout checkout;
  private final Services services;
  private final ServerImages images;
  private final DeployLog log;
  private final PlatformDatabase database;
  private final Swap swap;
  private final EdgeReplacement edgeReplacement;
  private final HookRunner hooks;

  /** The server behind a connection, for one platform. */
  public Host(
      Server server,
      Platform platform,
      Source source,
      ComposeCommands compose,
      HealthGate gate,
      DeploySettings settings,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.server = server;
    this.platform = platform;
    this.compose = compose;
    this.commands = new HostCommands(platform.serverDirectory());
    this.ledger = new Ledger(server, commands);
    this.remote = new Remote(server);
    SwapCommands swapping = new SwapCommands(commands);
    this.instances = new Instances(server, commands, platform.name());
    Edges edges = new Edges(remote, swapping, HostNames.of(platform));
    Changes changes = new Changes(server, commands, source);
    this.variables =
        new EnvironmentFile(server, platform, EnvironmentFile.in(compose.directory()), log);
    this.observer = new Observer(server, platform, changes, variables, instances, edges, swapping);
    this.gates = new Gates(server, platform, gate, settings, log, clock, pause);
    this.checkout = new Checkout(server, commands, log);
    this.services = new Services(server, platform, compose, swapping, observer, gates, log);
    this.images =
        new ServerImages(server, commands, settings.login(), settings.images(), log, clock);
    this.log = log;
    this.database = new PlatformDatabase(server, platform, observer::containers, log, clock, pause);
    Proof proof = new Proof(server, platform, swapping, instances, gate, log, clock, pause);
    NewContainers newcomers = new NewContainers(remote, swapping, instances, proof);
    this.swap =
        new Swap(remote, platform, swapping, instances, edges, newcomers, log, clock, pause);
    this.edgeReplacement = new EdgeReplacement(remote, swapping, instances, newcomers);
    this.hooks =
        new HookRunner(
            platform.hooks(),
            new HookRunner.Place(server, compose.directory()),
            settings.rehearsal()
                ? Optional.empty()
                : Optional.of(new HookRunner.Place(new LocalProcess(), source.directory())),
            log);
  }

  /** The team's own commands around a deployment. */
  HookRunner hooks() {
    return hooks;
  }

  /** Takes the deploy lock. */
  DeployLock lock(DeployLock.Owner owner) {
    CommandResult result = server.run(commands.prepareState(), SHORT);
    if (!result.succeeded()) {
      throw SlipwayException.refused(
          "The folder "
              + commands.stateDirectory()
              + " cannot be prepared on the server: "
              + result.tail(3)
              + ".",
          "Give the deploying user the right to write there.");
    }
    List<LockHolder> dead = new ArrayList<>();
    DeployLock lock = DeployLock.take(server, commands, owner, dead::add);
    try {
      dead.forEach(log::lockTakenOver);
      if (!dead.isEmpty()) {
        endWhatADeadRunLeft();
      }
      return lock;
    } catch (RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  /**
   * Ends what a run that can do so no more has left running on the server: its migration, the lock
   * that keeps other migrators away, and a backup that was being taken.
   */
  public void endWhatADeadRunLeft() {
    database.endWhatADeadRunLeft(compose.runContainer());
  }

  /**
   * Reads the secrets in the server's {@code .env}, so that no line shows them from now on,
   * whatever containers and commands print.
   */
  public void learnSecrets() {
    CommandResult result = variables.learn();
    if (!result.succeeded()) {
      throw SlipwayException.refused(
          variables.path()
              + " cannot be read on the server: "
              + result.standardError().strip()
              + ".",
          "Give the deploying user the right to read it: what it holds is kept out of every line.");
    }
  }

  /** A snapshot of everything that the planner needs. */
  HostState observe(ReleaseManifest wanted) {
    History history = history();
    HostState state = observer.observe(wanted, history);
    if (state.containers().isEmpty()) {
      new FormerName(server, commands, platform, compose.directory()).refuse(history);
    }
    return state.with(images.observe(wanted, state, history));
  }

  /** The server's checkout. */
  Checkout checkout() {
    return checkout;
  }

  /** The services that compose runs there. */
  Services services() {
    return services;
  }

  /** The server's images. */
  ServerImages images() {
    return images;
  }

  /** What the ledger tells, without secrets that a reason may name. */
  public History history() {
    return ledger.read().withReasons(log::redacted);
  }

  /** The platform's containers, by service. */
  public Map<String, ContainerState> containers() {
    return observer.containers();
  }

  /** What the database's version table says now. */
  public Optional<String> schemaRevision() {
    return observer.schemaRevision();
  }

  /** The backups of its database. */
  public BackupFolder backups() {
    return database.backups();
  }

  /** The newest backup of its database that holds a schema. */
  Optional<String> backupOf(String schema) {
    return backups().newestOf(schema).map(BackupFile::name);
  }

  /** The backups that a way back may need. */
  NeededBackups neededBackups() {
    return new NeededBackups(history().schemasOfTheWayBack(), Set.of());
  }

  /** Its database. */
  PlatformDatabase database() {
    return database;
  }

  /** The containers there now of services that a release does not have or that had none before. */
  List<Leftover> newcomers(HostState before, ReleaseManifest release) {
    return observer.newcomers(before.containers(), release.commit());
  }

  /** What writes to that. */
  Writers writers() {
    return Writers.among(observer.containers(), platform);
  }

  /** Stops these, each within its own grace period. */
  void stop(Writers writers) {
    writers.stop(server, commands);
  }

  /** Starts these again. */
  void start(Writers writers) {
    writers.start(server, commands);
  }

  /** Begins what a later step would have to wait for. */
  void standBy(DeployPlan plan) {
    if (plan.steps().stream().noneMatch(Step.StartServices.class::isInstance)) {
      plan.steps().stream()
          .filter(Step.BackUp.class::isInstance)
          .map(Step.BackUp.class::cast)
          .forEach(database::expect);
    }
  }

  /** Ends what was begun for a step that did not come. */
  void standDown() {
    database.expectNoBackup();
  }

  /**
   * Takes a backup and says what it is called; from here on no other migrator may begin. Takes none
   * where the database, which the plan could not ask, turns out to need no migration.
   */
  Optional<String> backUp(ReleaseManifest release, Step.BackUp step) {
    if (step.revision().isPresent()) {
      return database.backUp(step, neededBackups());
    }
    Optional<String> found = schemaRevision();
    if (found.isPresent() && found.equals(release.schemaRevision())) {
      log.output("The database is at " + found.get() + " already: there is no migration to come.");
      return Optional.empty();
    }
    return database.backUp(step.at(found), neededBackups());
  }

  /**
   * Swaps services without losing a request; {@code serving} is told when the new ones serve. An
   * edge that the same plan replaces later may reach them only then.
   */
  void swap(DeployPlan plan, List<String> services, Runnable serving) {
    ReleaseManifest release = plan.release();
    Optional<EdgeWatch> watch =
        plan.replaces(platform.entry().name())
            ? Optional.empty()
            : Optional.of(gates.watch(observer::newest));
    swap.run(composeOf(release), services, release.version(), watch, serving);
  }

  /** Has the old containers of swapped services finish and go, if there are any. */
  void retire() {
    swap.retire();
  }

  /** Replaces the edge's container; {@code serving} is told right before the old one stops. */
  void replaceEdge(ReleaseManifest release, String service, Runnable serving) {
    edgeReplacement.run(composeOf(release), service, serving);
  }

  /** Whether a swap was begun and never ended. */
  boolean isSwapCutOff() {
    return observer.isSwapCutOff();
  }

  /** What a run has left that never told how it ended. */
  public Remains remains(History history) {
    return Remains.of(platform, history, observer.newest(), isSwapCutOff());
  }

  /** Brings a swap that was cut off to an end. */
  void finishSwap() {
    swap.finish();
  }

  /** Migrates; not where the database, which the plan could not ask, is there already. */
  void migrate(ReleaseManifest release, Step.Migrate step) {
    String head = step.to();
    if (step.from().isEmpty() && schemaRevision().equals(Optional.of(head))) {
      log.output("The database is at " + head + " already.");
      return;
    }
    ShellCommand run =
        composeOf(release)
            .run(
                platform.backend().name(),
                platform.migrations().directory(),
                platform.migrations().with("upgrade", "head"));
    CommandResult result = database.migrate(run, compose.runContainer());
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          "The migration failed with exit status " + result.exitStatus() + ".",
          "Read its output above, mend the migration, verify and deploy again.");
    }
    Optional<String> reached = schemaRevision();
    if (!reached.equals(Optional.of(head))) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          "The migration exited with 0, but the database is at "
              + reached.orElse("no revision")
              + ", not at "
              + head
              + ".",
          "Look for an env.py that swallows errors or never commits.");
    }
  }

  /**
   * Waits until the release answers from the server itself and, when one is given, from its public
   * address, and these services are well; then there is no way back to old containers any more.
   */
  void passGate(ReleaseManifest release, Set<String> mustBeWell) {
    gates.pass(release, mustBeWell, observer::newest);
    swap.keepNew();
  }

  /**
   * Looks whether a release that needs nothing is well.
   *
   * @throws SlipwayException when it is not
   */
  void glance(ReleaseManifest release, HostState state) {
    gates.glance(release, state.containers());
  }

  void recordVariables(Map<String, String> values) {
    new TreeMap<>(values)
        .forEach(
            (name, value) ->
                remote.require(
                    commands.variables().setVariable(variables.path(), name, value),
                    SHORT,
                    "Give the deploying user the right to write the .env file."));
  }

  void record(LedgerEntry entry) {
    ledger.append(entry.withFootprints(footprints()));
  }

  /** The same with what the database's version table says now. */
  void record(Function<Optional<String>, LedgerEntry> entry) {
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<Map<String, Footprint>> left = inquiry.ask(this::footprints);
      ledger.append(entry.apply(schemaRevision()).withFootprints(left.get()));
    }
  }

  /**
   * Of what is there now; of nothing when it cannot be seen: a run's record must not fail of it.
   */
  private Map<String, Footprint> footprints() {
    Map<String, Footprint> left = new TreeMap<>();
    try {
      instances
          .look()
          .newest()
          .forEach((service, found) -> left.put(service, Sighting.of(found).footprint()));
      return left;
    } catch (SlipwayException unseen) {
      return Map.of();
    }
  }

  private ComposeCommands composeOf(ReleaseManifest release) {
    return compose.withVariables(release.variables());
  }
}
