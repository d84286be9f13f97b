package dev.slipway.effect.git;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
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
   * Finds the platform: the folder that was named, else the root if a compose file stands there,
   * else the sample platform.
   */
  public static Workspace of(Path root, Optional<String> platform) {
    return of(root, platform, Optional.empty());
  }

  /**
   * The same, but before the sample the platform of the repository that {@code here} is in, if that
   * is another one than the root's.
   */
  public static Workspace of(Path root, Optional<String> platform, Optional<Path> here) {
    Path absolute = root.toAbsolutePath().normalize();
    Path chosen =
        platform
            .filter(text -> !text.isBlank())
            .map(absolute::resolve)
            .or(() -> Optional.of(absolute).filter(own -> Files.exists(own.resolve(COMPOSE_FILE))))
            .or(() -> here.flatMap(folder -> platformAround(folder, absolute)))
            .orElseGet(() -> absolute.resolve(SAMPLE));
    if (!Files.isDirectory(chosen)) {
      throw SlipwayException.refused(
          "The platform's folder " + chosen + " does not exist.",
          "Name it with -Dplatform.dir=… or --platform.");
    }
    return new Workspace(absolute, chosen.normalize(), absolute.resolve("target/slipway"));
  }

  private static Optional<Path> platformAround(Path folder, Path root) {
    Path here = real(folder);
    Path own = real(root);
    Path top = top(here).orElse(here);
    if (top(own).orElse(own).equals(top) || (top(here).isEmpty() && here.startsWith(own))) {
      return Optional.empty();
    }
    return Stream.of(SETTINGS, COMPOSE_FILE)
        .flatMap(file -> Stream.of(here, top).filter(place -> Files.exists(place.resolve(file))))
        .findFirst();
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
