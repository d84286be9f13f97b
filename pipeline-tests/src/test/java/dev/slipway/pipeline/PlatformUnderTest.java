package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import dev.slipway.cli.ConfiguredRegistry;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.http.ProxyVariables;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformVariables;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform that the suites judge: one commit, its sources, and what is built from it, each made
 * once and on demand.
 */
public final class PlatformUnderTest implements Judged, AutoCloseable {

  /** Why nothing is said of pages. */
  public static final String NO_PAGES =
      "the platform has no frontend that is built; where the image of another service has the pages, name the folder of their sources with `folders.frontend` in slipway.yml";

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration START = Duration.ofSeconds(60);

  private final Workspace workspace;
  private final GitRepository repository;
  private final String commit;
  private final boolean clean;
  private final Platform platform;
  private final PlatformVariables variables;
  private final DockerEngine engine;
  private final PlatformImages images;
  private final Path sources;
  private final Optional<String> since;
  private @Nullable BackendRig rig;
  private @Nullable RunningPlatform running;
  private @Nullable String schemaHead;
  private final List<String> previousFails = new ArrayList<>();

  private PlatformUnderTest(
      Workspace workspace,
      GitRepository repository,
      String commit,
      boolean clean,
      Optional<String> since,
      DockerEngine engine) {
    this.workspace = workspace;
    this.repository = repository;
    this.commit = commit;
    this.clean = clean;
    this.since = since;
    this.engine = engine;
    Platform blank = CommittedPlatform.read(repository, commit, Map.of());
    this.variables = PlatformVariables.of(blank, path -> repository.show(commit, path), commit);
    this.platform = CommittedPlatform.read(repository, commit, variables.all());
    this.sources = export(workspace, repository, commit);
    this.images =
        new PlatformImages(
            engine,
            repository,
            platform,
            commit,
            sources,
            ConfiguredRegistry.servedImages(workspace, System.getenv()));
  }

  /**
   * Opens the platform that {@code platform.dir} names.
   *
   * @param setting looks a setting up by name
   */
  public static PlatformUnderTest open(Function<String, Optional<String>> setting) {
    ProxyVariables.apply(System.getenv())
        .forEach(name -> LOG.warn("{} is no address of a proxy; it is not used", name));
    Workspace workspace = workspace(setting);
    GitRepository repository = new GitRepository(new LocalProcess(), workspace.platform());
    String head = repository.head();
    List<String> changes = repository.changes();
    DockerEngine engine = DockerEngine.connect();
    Folders.create(workspace.output());
    String commit =
        changes.isEmpty() ? head : repository.snapshot(workspace.output().resolve("index"));
    LOG.info(
        "Judging {} at commit {}{}",
        workspace.platform(),
        commit,
        changes.isEmpty() ? "" : " (with uncommitted changes in " + changes.size() + " files)");
    return new PlatformUnderTest(
        workspace,
        repository,
        commit,
        changes.isEmpty(),
        setting.apply("slipway.since").filter(known -> !known.isBlank()),
        engine);
  }

  /** Where the platform lies that {@code platform.dir} names. */
  static Workspace workspace(Function<String, Optional<String>> setting) {
    Path root = Path.of(setting.apply("slipway.root").orElse(System.getProperty("user.dir")));
    Workspace workspace = Workspace.of(root, setting.apply("platform.dir"));
    return setting
        .apply("slipway.output")
        .filter(folder -> !folder.isBlank())
        .map(workspace.root()::resolve)
        .map(workspace::withOutput)
        .orElse(workspace);
  }

  private static Path export(Workspace workspace, GitRepository repository, String commit) {
    Path target = workspace.output().resolve("sources");
    Folders.delete(target);
    Folders.create(target);
    repository.export(commit, target);
    return target;
  }

  /** Where things lie. */
  public Workspace workspace() {
    return workspace;
  }

  /** The repository that holds the platform. */
  public GitRepository repository() {
    return repository;
  }

  /**
   * The commit that is judged: the checked out one, or a snapshot of it with its uncommitted
   * changes.
   */
  public String commit() {
    return commit;
  }

  /** Whether the folder is exactly that commit. */
  public boolean clean() {
    return clean;
  }

  /** The commit or branch whose migrations are proved already, such as the target branch. */
  public Optional<String> since() {
    return since;
  }

  /** The platform's folder inside the repository. */
  public String folder() {
    return repository.prefix();
  }

  /** What the platform consists of. */
  public Platform platform() {
    return platform;
  }

  /** The variables that stand in for the server's own. */
  public PlatformVariables variables() {
    return variables;
  }

  /** The platform's files as the commit has them. */
  public Path sources() {
    return sources;
  }

  /** The folder of the compose file among them, to which its paths are relative. */
  Path composeFolder() {
    return Objects.requireNonNull(sources.resolve(platform.compose().file()).getParent());
  }

  /** The local engine. */
  public DockerEngine engine() {
    return engine;
  }

  /** The images, built when first asked for. */
  public PlatformImages images() {
    return images;
  }

  @Override
  public Path verdictFile() {
    return workspace.verdictFile();
  }

  @Override
  public Verdict verdict(boolean passed, List<SuiteResult> suites, Instant finishedAt) {
    return new Verdict(
        commit,
        clean,
        folder(),
        passed,
        images.soFar(),
        Optional.ofNullable(schemaHead),
        suites,
        finishedAt,
        previousFails);
  }

  /** Remembers for the verdict what the previous release cannot do on the new schema. */
  public void previousFails(List<String> what) {
    previousFails.addAll(what);
  }

  /** Remembers the migration head for the verdict. */
  public void proveSchemaHead(String revision) {
    schemaHead = revision;
  }

  /** PostgreSQL, Redis and containers of the backend's image beside them. */
  public synchronized BackendRig rig() {
    if (rig == null) {
      rig = new BackendRig(this);
    }
    return rig;
  }

  /**
   * The same, new and for one use alone, to be closed by the caller; its PostgreSQL logs each
   * statement that changes something, with its database.
   */
  public BackendRig recordingRig() {
    return BackendRig.recording(this);
  }

  /** The whole platform up by its own compose file, migrated and healthy. */
  public synchronized RunningPlatform running() {
    if (running == null) {
      running = new RunningPlatform(this);
    }
    running.ensureUp();
    return running;
  }

  /** How long the backend may take from its start to its first answer. */
  public Duration startPatience() {
    return startPatience(platform.health().budget(), platform.backend().startPeriod());
  }

  static Duration startPatience(Duration budget, Optional<Duration> startPeriod) {
    return Stream.concat(Stream.of(START, budget), startPeriod.stream())
        .max(Duration::compareTo)
        .orElseThrow();
  }

  /** Its PostgreSQL's service, without which there is little to prove. */
  public ServiceSpec requirePostgres() {
    return platform
        .service(Role.POSTGRES)
        .orElseThrow(
            () ->
                finding(
                    SlipwayException.refused(
                        "The platform has no postgres service, so there is no database on which migrations, health and the whole platform could be proved.",
                        "If it has one by another name, say which in slipway.yml (`services.postgres`). On a database that runs elsewhere"
                            + " Slipway proves nothing; put a postgres of the same version into the compose file.")));
  }

  /** A folder for one suite's files. */
  public Path scratch(String name) {
    Path folder = workspace.output().resolve("scratch").resolve(name);
    Folders.delete(folder);
    Folders.create(folder);
    return folder;
  }

  @Override
  public synchronized void close() {
    RuntimeException first = null;
    for (AutoCloseable part : new AutoCloseable[] {running, rig, engine}) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        first =
            first == null
                ? new IllegalStateException("clean-up failed: " + e.getMessage(), e)
                : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** A refusal in the words of a suite. */
  public static AssertionError finding(SlipwayException refusal) {
    return new AssertionError(refusal.toString(), refusal);
  }
}
