package dev.slipway.effect.git;

import dev.slipway.SlipwayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things lie on this machine.
 *
 * @param root the checkout that Slipway was started in
 * @param platform the folder of the platform
 * @param output where Slipway writes verdict, release, reports and logs
 */
public record Workspace(Path root, Path platform, Path output) {

  private static final String COMPOSE_FILE = "docker-compose.prod.yml";
  private static final String SAMPLE = "fixtures/platform";

  /**
   * Finds the platform: the folder that was named, else the root if a compose file stands there,
   * else the sample platform.
   */
  public static Workspace of(Path root, Optional<String> platform) {
    Path absolute = root.toAbsolutePath().normalize();
    Path chosen =
        platform
            .filter(text -> !text.isBlank())
            .map(absolute::resolve)
            .orElseGet(
                () ->
                    Files.exists(absolute.resolve(COMPOSE_FILE))
                        ? absolute
                        : absolute.resolve(SAMPLE));
    if (!Files.isDirectory(chosen)) {
      throw SlipwayException.refused(
          "The platform's folder " + chosen + " does not exist.",
          "Name it with -Dplatform.dir=… or --platform.");
    }
    return new Workspace(absolute, chosen.normalize(), absolute.resolve("target/slipway"));
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
