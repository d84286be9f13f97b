package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.git.GitRepository;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import dev.slipway.release.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether an earlier run has already proved exactly this clean commit and these images.
 */
final class KnownVerdict {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  private KnownVerdict() {}

  /**
   * The green verdict that spares this run; empty unless {@code slipway.reuse} asks for it and
   * everything fits.
   */
  static Optional<Verdict> find(Function<String, Optional<String>> setting) {
    return setting.apply("slipway.reuse").map(Boolean::valueOf).orElse(false)
        ? find(PlatformUnderTest.workspace(setting), KnownVerdict::inEngine)
        : Optional.empty();
  }

  /**
   * The green verdict of a workspace.
   *
   * @param present whether the images of a verdict are still where they were built
   */
  static Optional<Verdict> find(Workspace workspace, Predicate<Set<String>> present) {
    GitRepository repository = new GitRepository(new LocalProcess(), workspace.platform());
    if (!Files.isRegularFile(workspace.verdictFile()) || !repository.changes().isEmpty()) {
      return Optional.empty();
    }
    try {
      Path file = workspace.verdictFile();
      Verdict verdict = Verdict.parse(Files.readString(file), file.toString());
      verdict.requireGreen(repository.head(), repository.prefix());
      Set<String> images =
          verdict.images().values().stream().map(BuiltImage::id).collect(Collectors.toSet());
      return released(workspace, verdict.commit(), images) || present.test(images)
          ? Optional.of(verdict)
          : Optional.empty();
    } catch (SlipwayException | IOException e) {
      LOG.info("The last verdict does not spare this run: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** The images were published from the very ids that were proved. */
  private static boolean released(Workspace workspace, String commit, Set<String> images)
      throws IOException {
    Path file = workspace.releaseFile();
    if (!Files.isRegularFile(file)) {
      return false;
    }
    ReleaseManifest release = ReleaseManifest.parse(Files.readString(file), file.toString());
    return release.commit().equals(commit)
        && release.images().values().stream()
            .map(ReleasedImage::id)
            .collect(Collectors.toSet())
            .equals(images);
  }

  private static boolean inEngine(Set<String> images) {
    try (DockerEngine engine = DockerEngine.connect()) {
      return images.stream().allMatch(engine::hasImage);
    }
  }
}
