package dev.slipway.effect.git;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where things lie on this machine.
 *
 * @param root the checkout that Slipway was started in
 * @param platform the folder of the platform
 * @param output where Slipway writes verdict, release, reports and logs
 */
public record Workspace(Path root, Path platform, Path output) {

  private static final String COMPOSE_FILE = "docker-compose.prod.yml";
  private static final String SETTINGS = "slipway.yml";
  private static final String SAMPLE = "fixtures/platform";

  /**
   * Finds the platform that Slipway's own suites judge: the folder that was named, else the root if
   * a compose file stands there, else the sample platform.
   */
  public static Workspace of(Path root, Optional<String> platform) {
    return of(root, platform, own -> own.resolve(SAMPLE));
  }

  /**
   * Finds the platform that a command is about: the folder that was named, else the root if a
   * compose file stands there, else that of {@code here} or of the repository that {@code here} is
   * in. The sample platform is taken in Slipway's own checkout only.
   *
   * @throws SlipwayException REFUSED where there is none
   */
  public static Workspace of(Path root, Optional<String> platform, Path here) {
    return of(root, platform, own -> platformAround(here, own));
  }

  private static Workspace of(Path root, Optional<String> platform, UnaryOperator<Path> otherwise) {
    Path absolute = root.toAbsolutePath().normalize();
    Path chosen =
        platform
            .filter(text -> !text.isBlank())
            .map(absolute::resolve)
            .or(() -> Optional.of(absolute).filter(own -> Files.exists(own.resolve(COMPOSE_FILE))))
            .orElseGet(() -> otherwise.apply(absolute));
    if (!Files.isDirectory(chosen)) {
      throw SlipwayException.refused(
          "The platform's folder " + chosen + " does not exist.",
          "Name it with -Dplatform.dir=… or --platform.");
    }
    return new Workspace(absolute, chosen.normalize(), absolute.resolve("target/slipway"));
  }

  private static Path platformAround(Path folder, Path root) {
    Path here = real(folder);
    Path own = real(root);
    Path top = top(here).orElse(here);
    if (here.startsWith(own) && (top(here).isEmpty() || !top.startsWith(own) || top.equals(own))) {
      return root.resolve(SAMPLE);
    }
    return Stream.of(SETTINGS, COMPOSE_FILE)
        .flatMap(file -> Stream.of(here, top).filter(place -> Files.exists(place.resolve(file))))
        .findFirst()
        .orElseThrow(
            () ->
                SlipwayException.refused(
                    "No platform here: neither "
                        + SETTINGS
                        + " nor "
                        + COMPOSE_FILE
                        + " in "
                        + here
                        + " or its repository's root.",
                    "Name it with --platform DIR."));
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException gone) {
      return folder.toAbsolutePath().normalize();
    }
  }

  /** The root of the repository or worktree that a folder is in. */
  private static Optional<Path> top(Path folder) {
    return Stream.<Path>iterate(folder, Objects::nonNull, Path::getParent)
        .filter(place -> Files.exists(place.resolve(".git")))
        .findFirst();
  }

  /** Refuses an output folder that nothing can be written to, before there is something to lose. */
  public void requireOutput() {
    try {
      Files.createDirectories(output);
    } catch (IOException obstacle) {
      throw unwritable(output, obstacle);
    }
    if (!Files.isWritable(output)) {
      throw unwritable(output, new AccessDeniedException(output.toString()));
    }
  }

  /** What to say where a file of the output folder, or the folder, cannot be written. */
  public static SlipwayException unwritable(Path path, IOException obstacle) {
    return new SlipwayException(
        ExitCode.REFUSED,
        path + " cannot be written: " + obstacle + ".",
        "Give this user the right to write there, or name another folder with SLIPWAY_OUTPUT.",
        obstacle);
  }

  /** The same, writing elsewhere. */
  public Workspace withOutput(Path other) {
    return new Workspace(root, platform, other);
  }

  /** What verifies the platform. */
  public String verification() {
    return platform.equals(root) || platform.equals(root.resolve(SAMPLE))
        ? "mvn verify"
        : "bin/verify --platform " + platform;
  }

  /** The verdict of the last complete run. */
  public Path verdictFile() {
    return output.resolve("verdict.json");
  }

  /** The release that was published last. */
  public Path releaseFile() {
    return output.resolve("release.json");
  }
}
