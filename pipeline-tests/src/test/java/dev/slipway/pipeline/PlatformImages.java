package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.docker.ImageBuilder;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.publish.ServedImages;
import dev.slipway.release.BuiltImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform's images, each built once from the commit, or taken from the registry where nothing
 * that it is built from has changed since; every later suite and the deployment use these.
 */
public final class PlatformImages {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  /** Found in the names of images with Python. */
  private static final Pattern PYTHON =
      Pattern.compile("python|pypy|fastapi|uvicorn|gunicorn|conda|mamba|poetry");

  /** Found in the names of images with Node. */
  private static final Pattern NODE = Pattern.compile("node");

  private final DockerEngine engine;
  private final ImageBuilder builder;
  private final GitRepository repository;
  private final Platform platform;
  private final String commit;
  private final Path sources;
  private final ServedImages served;
  private final Map<Role, BuiltImage> built = new HashMap<>();
  private final Map<Role, SlipwayException> failed = new HashMap<>();

  /** Images of a platform at a commit, built from its exported sources. */
  public PlatformImages(
      DockerEngine engine,
      GitRepository repository,
      Platform platform,
      String commit,
      Path sources) {
    this(engine, repository, platform, commit, sources, ServedImages.none());
  }

  /** The same, but for those that serve already. */
  PlatformImages(
      DockerEngine engine,
      GitRepository repository,
      Platform platform,
      String commit,
      Path sources,
      ServedImages served) {
    this.engine = engine;
    this.builder = engine.builder(new LocalProcess(), programFolders());
    this.repository = repository;
    this.platform = platform;
    this.commit = commit;
    this.sources = sources;
    this.served = served;
  }

  private static List<Path> programFolders() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  /** The builder, for images beside the platform's own. */
  public ImageBuilder builder() {
    return builder;
  }

  /**
   * The image of the backend as another commit has it, which is built for it.
   *
   * @param other the platform there
   * @param folder an empty folder, for its sources
   */
  public String backendOf(Platform other, String otherCommit, Path folder) {
    repository.export(otherCommit, folder);
    BuiltService backend = other.built(Role.BACKEND).orElseThrow();
    ImageBuild build = ImageBuild.of(repository, other, backend, otherCommit, folder);
    try (BuildProgress progress = BuildProgress.of(backend.name() + " of " + otherCommit)) {
      builder.build(build, progress);
    }
    return build.name();
  }

  /** All images, by service. */
  public Map<String, BuiltImage> all() {
    Map<String, BuiltImage> images = new LinkedHashMap<>();
    for (BuiltService service : platform.built()) {
      images.put(service.name(), of(service.role()));
    }
    return images;
  }

  Map<String, BuiltImage> soFar() {
    Map<String, BuiltImage> images = new LinkedHashMap<>();
    for (BuiltService service : platform.built()) {
      Optional.ofNullable(built.get(service.role()))
          .ifPresent(image -> images.put(service.name(), image));
    }
    return images;
  }

  /** The image of a role. */
  public synchronized BuiltImage of(Role role) {
    SlipwayException failure = failed.get(role);
    if (failure != null) {
      throw failure;
    }
    BuiltImage known = built.get(role);
    if (known != null) {
      return known;
    }
    BuiltService service =
        platform
            .built(role)
            .orElseThrow(() -> new IllegalArgumentException(role + " is not built"));
    try {
      BuiltImage image = build(service);
      built.put(role, image);
      return image;
    } catch (SlipwayException e) {
      failed.put(role, e);
      throw e;
    }
  }

  /** The local name of a role's image. */
  public String name(Role role) {
    of(role);
    return name(platform.built(role).orElseThrow());
  }

  /** The local name of a built service's image. */
  public String nameOf(String service) {
    return platform.built().stream()
        .filter(built -> built.name().equals(service))
        .findFirst()
        .map(built -> name(built.role()))
        .orElseThrow(() -> new IllegalArgumentException(service + " is not built"));
  }

  private BuiltImage build(BuiltService service) {
    ImageBuild build = ImageBuild.of(repository, platform, service, commit, sources);
    try (BuildProgress progress = BuildProgress.of(service.name())) {
      ServedImages.Taken taken = served.take(service.name(), build, engine, progress);
      if (taken.id().isPresent()) {
        LOG.info(
            "Taking {} of {}, as the registry has it: nothing in {}/ changed since ({})",
            service.name(),
            build.version(),
            service.folder(),
            taken.id().get());
        return new BuiltImage(taken.id().get(), build.version());
      }
      taken.why().ifPresent(why -> LOG.info("{} has to be built: {}", service.name(), why));
      LOG.info("Building {} at {} with {}", service.name(), build.version(), builder.describe());
      String id = builder.build(build, progress);
      LOG.info("Built {} as {}", service.name(), id);
      return new BuiltImage(id, build.version());
    }
  }

  private String name(BuiltService service) {
    return ImageBuild.of(repository, platform, service, commit, sources).name();
  }

  /** The migration head in the backend's image; empty when it has none or several. */
  public Optional<String> migrationHead(Map<String, String> environment) {
    ContainerRun heads =
        ContainerRun.of(name(Role.BACKEND), platform.migrations().with("heads")).with(environment);
    ContainerRun placed = platform.migrations().directory().map(heads::in).orElse(heads);
    CommandResult result = engine.runner(Ephemeral.labels()).run(placed, Duration.ofMinutes(2));
    List<String> found =
        result
            .standardOutput()
            .lines()
            .filter(line -> line.contains("(head)"))
            .map(line -> line.replaceFirst("\\s.*", ""))
            .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /**
   * The image with the tools of a role's language that its Dockerfile builds on.
   *
   * @throws AssertionError when the Dockerfile does not say which
   */
  public String base(Role role) {
    BuiltService service = builder(role);
    String name = dockerfile(role);
    Path file = sources.resolve(service.folder()).resolve(service.dockerfile());
    if (!Files.isRegularFile(file)) {
      throw new AssertionError(
          name + " is missing; commit it, since " + service.name() + " is built from it.");
    }
    String base =
        Dockerfile.parse(read(file))
            .base(role == Role.FRONTEND ? NODE : PYTHON)
            .orElseThrow(
                () ->
                    new AssertionError(
                        name + " has no FROM; begin it with the image to build on."));
    if (base.contains("$")) {
      throw new AssertionError(
          name
              + " builds on "
              + base
              + ", and no ARG before its first FROM says what that is; give the ARG there a default.");
    }
    return base;
  }

  /** What a role's image is built by, as the platform's people know it. */
  public String dockerfile(Role role) {
    BuiltService service = builder(role);
    return Path.of(service.folder()).resolve(service.dockerfile()).normalize().toString();
  }

  private BuiltService builder(Role role) {
    return (role == Role.FRONTEND ? platform.pageBuilder() : platform.built(role)).orElseThrow();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The engine that has them. */
  public DockerEngine engine() {
    return engine;
  }
}
