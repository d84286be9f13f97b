package dev.slipway.cli;

import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.migrations.NewRevisions;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.report.RevisionSource;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformVariables;
import dev.slipway.platform.Role;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The platform as it lies in its folder, uncommitted changes included. */
final class WorkingPlatform implements AutoCloseable {

  private final DockerEngine engine;
  private final Environment environment;
  private final Workspace workspace;
  private final GitRepository repository;
  private final Path scratch;
  private final String commit;
  private final Platform platform;

  WorkingPlatform(DockerEngine engine, Environment environment, Workspace workspace) {
    this.engine = engine;
    this.environment = environment;
    this.workspace = workspace;
    this.repository = new GitRepository(new LocalProcess(), workspace.platform());
    try {
      Files.createDirectories(workspace.output());
      this.scratch = Files.createTempDirectory(workspace.output(), "working");
    } catch (IOException obstacle) {
      throw Workspace.unwritable(workspace.output(), obstacle);
    }
    String head = repository.head();
    this.commit =
        repository.changes().isEmpty() ? head : repository.snapshot(scratch.resolve("index"));
    Platform blank = CommittedPlatform.read(repository, commit, Map.of());
    PlatformVariables variables =
        PlatformVariables.of(blank, path -> repository.show(commit, path), commit);
    this.platform = CommittedPlatform.read(repository, commit, variables.all());
  }

  /** The platform's folder. */
  Path directory() {
    return workspace.platform();
  }

  Platform platform() {
    return platform;
  }

  Path output() {
    return workspace.output();
  }

  /** The files of its revisions. */
  Function<Revision, RevisionSource> revisionSources() {
    return RevisionSource.in(repository, commit);
  }

  /** The revisions in whose files something is not committed. */
  NewRevisions uncommittedRevisions() {
    return NewRevisions.changedSince(repository, "HEAD", commit).below(folder());
  }

  /** The revisions that another commit does not have. */
  NewRevisions newRevisions(String since) {
    return NewRevisions.since(repository, since, commit).below(folder());
  }

  private String folder() {
    return platform.built(Role.BACKEND).map(BuiltService::folder).orElse(".");
  }

  /** Builds the backend's image, which is quick where little has changed, and returns its name. */
  String buildBackend(Consumer<String> progress) {
    BuiltService backend =
        platform
            .built(Role.BACKEND)
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "There is no folder that the backend is built from, so there are no migrations to walk.",
                        "Name it with `folders: {backend: …}` in slipway.yml, which says none."));
    Path sources = scratch.resolve("sources");
    sources.toFile().mkdirs();
    repository.export(commit, sources);
    ImageBuild build = ImageBuild.of(repository, platform, backend, commit, sources);
    if (!engine.hasImage(build.name())) {
      progress.accept("Building " + build.name());
      engine.builder(new LocalProcess(), programs()).build(build, line -> {});
    }
    return build.name();
  }

  private List<Path> programs() {
    return Arrays.stream(environment.all().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
