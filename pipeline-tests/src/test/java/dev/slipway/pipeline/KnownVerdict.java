package dev.slipway.pipeline;

import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds out whether an earlier run has already proved exactly this clean commit and these images.
 */
final class KnownVerdict {

  private KnownVerdict() {}

  /**
   * The green verdict that spares this run; empty unless {@code slipway.reuse} asks for it and
   * everything fits.
   */
  static Optional<Verdict> find(Function<String, Optional<String>> setting) {
    if (!setting.apply("slipway.reuse").map(Boolean::valueOf).orElse(false)) {
      return Optional.empty();
    }
    Workspace workspace = PlatformUnderTest.workspace(setting);
    GitRepository repository = new GitRepository(new LocalProcess(), workspace.platform());
    if (!Files.isRegularFile(workspace.verdictFile()) || !repository.changes().isEmpty()) {
      return Optional.empty();
    }
    try {
      Verdict verdict = Verdict.parse(Files.readString(workspace.verdictFile()), "here");
      verdict.requireGreen(repository.head());
      return released(workspace, verdict) || built(verdict)
          ? Optional.of(verdict)
          : Optional.empty();
    } catch (SlipwayException | IOException e) {
      return Optional.empty();
    }
  }

  /** The images were published from the very ids that were proved. */
  private static boolean released(Workspace workspace, Verdict verdict) throws IOException {
    Path file = workspace.releaseFile();
    if (!Files.isRegularFile(file)) {
      return false;
    }
    ReleaseManifest release = Json.read(Files.readString(file), ReleaseManifest.class);
    return release.commit().equals(verdict.commit())
        && release.images().values().stream()
            .map(image -> image.id())
            .collect(Collectors.toSet())
            .equals(
                verdict.images().values().stream()
                    .map(image -> image.id())
                    .collect(Collectors.toSet()));
  }

  private static boolean built(Verdict verdict) {
    try (DockerEngine engine = DockerEngine.connect()) {
      return verdict.images().values().stream().allMatch(image -> engine.hasImage(image.id()));
    }
  }
}
