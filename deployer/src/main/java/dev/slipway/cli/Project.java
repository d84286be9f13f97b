package dev.slipway.cli;

import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.images.ImageSource;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.Images;
import dev.slipway.platform.Platform;
import dev.slipway.platform.SlipwayFile;
import dev.slipway.platform.Transfer;
import dev.slipway.publish.Depot;
import dev.slipway.publish.RegistrySource;
import dev.slipway.publish.Releaser;
import dev.slipway.publish.ServedImages;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import dev.slipway.release.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The platform on this machine, at the commit that is checked out. */
final class Project implements AutoCloseable {

  /** What image names begin with where there is no registry. */
  private static final String NO_REGISTRY = "slipway.local";

  private final Workspace workspace;
  private final Environment environment;
  private final GitRepository repository;
  private final String commit;
  private final Platform platform;
  private final Map<String, String> variables;
  private final Images images;
  private final boolean registryless;
  private @Nullable Depot depot;

  Project(Workspace workspace, Environment environment) {
    this(workspace, environment, Optional.empty());
  }

  /** A project whose images take another way than {@code slipway.yml} says, if one is given. */
  Project(Workspace workspace, Environment environment, Optional<Transfer> transfer) {
    this.workspace = workspace;
    this.environment = environment;
    this.repository = new GitRepository(new LocalProcess(), workspace.platform());
    this.commit = repository.head();
    this.variables = new HashMap<>(environment.imageVariables());
    variables.put("TAG", commit);
    Platform named = CommittedPlatform.read(repository, commit, variables);
    this.images = transfer.map(named.settings().images()::by).orElse(named.settings().images());
    this.registryless =
        images.transfer() == Transfer.SSH
            && named.built().stream().anyMatch(service -> service.spec().image().isEmpty());
    if (registryless) {
      variables.putIfAbsent("REGISTRY", NO_REGISTRY);
    }
    this.platform = registryless ? CommittedPlatform.read(repository, commit, variables) : named;
  }

  Environment environment() {
    return environment;
  }

  /** The folder of verdict, release and reports. */
  Path output() {
    return workspace.output();
  }

  GitRepository repository() {
    return repository;
  }

  String commit() {
    return commit;
  }

  /** Which commit of which folder it is. */
  String described() {
    return workspace.platform() + " as commit " + ReleaseManifest.brief(commit) + " has it";
  }

  Platform platform() {
    return platform;
  }

  ImageNames imageNames() {
    return ImageNames.of(platform, variables);
  }

  Optional<RegistryLogin> registryLogin() {
    return registryless ? Optional.empty() : environment.registryLogin(imageNames().registry());
  }

  /** The login that the server needs for the way that images take. */
  Optional<RegistryLogin> serverLogin() {
    return images.transfer() == Transfer.SSH ? Optional.empty() : registryLogin();
  }

  /** The images that serve already, where they go through a registry. */
  ServedImages servedImages() {
    if (registryless) {
      return ServedImages.none();
    }
    ImageNames names = imageNames();
    Optional<RegistryLogin> login = registryLogin();
    return ServedImages.of(
        names.names(), RegistryClient.of(names.registry(), environment.engineHost(), login), login);
  }

  /** How images come to the server, and how long they stay there. */
  Images images() {
    return images;
  }

  /** Where this machine has the images. */
  ImageSource imageSource(Clock clock, Consumer<String> progress) {
    return registryless
        ? depot(clock, progress)
        : new RegistrySource(
            images,
            RegistryClient.of(imageNames().registry(), environment.engineHost(), registryLogin()));
  }

  private Depot depot(Clock clock, Consumer<String> progress) {
    Depot known = depot;
    if (known == null) {
      known = new Depot(images, clock, Session::pause, progress);
      depot = known;
    }
    return known;
  }

  @Override
  public void close() {
    Depot known = depot;
    if (known != null) {
      known.close();
    }
  }

  /** Refuses a folder with uncommitted changes: what ships is a commit. */
  void requireClean() {
    List<String> changes = repository.changes();
    if (!changes.isEmpty()) {
      throw SlipwayException.refused(
          "The platform has uncommitted changes: "
              + String.join(", ", changes.stream().map(String::strip).limit(10).toList())
              + ".",
          "Commit or stash them, run `"
              + workspace.verification()
              + "`, then deploy: what ships is a commit.");
    }
  }

  /** Whether a {@code slipway.yml} lies in the folder that the commit does not have so. */
  boolean hasUncommittedSettings() {
    return Files.exists(workspace.platform().resolve(SlipwayFile.FILE))
        && !repository.changes(SlipwayFile.FILE).isEmpty();
  }

  /** The green verdict of this commit, or a refusal. */
  Verdict verdict() {
    Path file = workspace.verdictFile();
    if (!Files.isRegularFile(file)) {
      throw SlipwayException.refused(
          "There is no verdict: " + file + " does not exist.",
          "Run `" + workspace.verification() + "`; only a complete run writes a verdict.");
    }
    Verdict verdict = Verdict.parse(read(file), file.toString());
    verdict.requireGreen(commit, repository.prefix());
    return verdict;
  }

  /**
   * The release of this commit: as it was published or, where that was not done, as it would be.
   * Everything that can be known here was looked at; nothing was changed.
   */
  ReleaseManifest release(Clock clock) {
    requireClean();
    Verdict verdict = verdict();
    return published()
        .filter(known -> matches(known, verdict))
        .orElseGet(() -> propose(verdict, clock));
  }

  /** What is known of the release of this commit before it is looked at whether there is one. */
  ReleaseManifest named(Clock clock) {
    return new ReleaseManifest(
        commit, Optional.empty(), Map.of(), Optional.empty(), Map.of(), clock.instant());
  }

  /** The release that was published last on this machine or fetched as an artifact. */
  Optional<ReleaseManifest> published() {
    Path file = workspace.releaseFile();
    return Files.isRegularFile(file)
        ? Optional.of(ReleaseManifest.parse(read(file), file.toString()))
        : Optional.empty();
  }

  private boolean matches(ReleaseManifest release, Verdict verdict) {
    return release.commit().equals(commit)
        && release.variables().equals(imageNames().variables())
        && ids(release.images(), ReleasedImage::id).equals(ids(verdict.images(), BuiltImage::id));
  }

  private static <T> Map<String, String> ids(Map<String, T> images, Function<T, String> id) {
    return images.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, image -> id.apply(image.getValue())));
  }

  private ReleaseManifest propose(Verdict verdict, Clock clock) {
    ImageNames names = imageNames();
    try (DockerEngine engine = DockerEngine.connect()) {
      return new Releaser(engine, registryLogin(), clock)
          .propose(
              verdict,
              commit,
              names.names(),
              Optional.of(platform.backend().name())
                  .filter(name -> platform.health().tellsVersion()),
              names.variables());
    }
  }

  /** Refuses a machine without an engine: {@code latest} is moved from it, once all is done. */
  Project withEngine() {
    DockerEngine.connect().close();
    return this;
  }

  /** The same release, published now where that was not done. */
  ReleaseManifest publish(ReleaseManifest release, Clock clock, Consumer<String> progress) {
    if (release.unpublished().isEmpty()) {
      return release;
    }
    workspace.requireOutput();
    try (DockerEngine engine = DockerEngine.connect()) {
      ReleaseManifest published =
          registryless
              ? depot(clock, progress).publish(release)
              : new Releaser(engine, registryLogin(), clock).publish(release, progress);
      Files.writeString(workspace.releaseFile(), Json.page(published));
      return published;
    } catch (IOException obstacle) {
      throw Workspace.unwritable(workspace.releaseFile(), obstacle);
    }
  }

  /** Moves the registry's {@code latest} tags, from this machine's engine. */
  void moveLatest(ReleaseManifest release, Clock clock, Consumer<String> progress) {
    try (DockerEngine engine = DockerEngine.connect()) {
      new Releaser(engine, registryLogin(), clock).moveLatest(release, progress);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw SlipwayException.refused(
          file + " cannot be read: " + e.getMessage() + ".",
          "Give this user the right to read it.");
    }
  }
}
