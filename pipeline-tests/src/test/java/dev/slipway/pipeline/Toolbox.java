package dev.slipway.pipeline;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.docker.ImageBuildFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images with the platform's own tools at its own pinned versions, and single commands in them. */
public final class Toolbox {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration DEADLINE = Duration.ofMinutes(15);

  private final PlatformUnderTest platform;

  /**
   * An image for a tool.
   *
   * @param name what it is for, such as {@code ruff}
   * @param dockerfile how it is built
   * @param files what is copied into it, by where that lies while it is built; with the Dockerfile
   *     it decides whether anything is built anew
   * @param failure what could not be done when it does not build, in the platform's words
   * @param advice what to do then
   */
  public record Recipe(
      String name, String dockerfile, Map<String, Path> files, String failure, String advice) {

    /** Copies. */
    public Recipe {
      files = Map.copyOf(files);
    }
  }

  /** The tools of one platform. */
  public Toolbox(PlatformUnderTest platform) {
    this.platform = platform;
  }

  /**
   * Builds an image.
   *
   * @throws SlipwayException with the recipe's failure and advice, and what the build said, when it
   *     does not build
   */
  public String image(Recipe recipe) {
    Path context = platform.scratch("toolbox-" + recipe.name());
    Folders.write(context.resolve("Dockerfile"), recipe.dockerfile());
    recipe.files().forEach((place, file) -> copy(file, context.resolve(place)));
    LOG.info("Preparing {}", recipe.name());
    String image = "slipway.local/toolbox/" + recipe.name() + ":latest";
    try (BuildProgress progress = BuildProgress.of(recipe.name())) {
      return platform.images().builder().build(ImageBuild.of(context, image), progress);
    } catch (ImageBuildFailed failed) {
      throw new SlipwayException(
          failed.exitCode(), recipe.failure() + ":\n" + failed.said(), recipe.advice(), failed);
    }
  }

  private static void copy(Path source, Path target) {
    Folders.create(Objects.requireNonNull(target.getParent()));
    if (Files.isDirectory(source)) {
      Folders.copy(source, target);
      return;
    }
    try {
      Files.copy(source, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one command in a new container. */
  public CommandResult run(ContainerRun run) {
    return platform.engine().runner(Ephemeral.labels()).run(run, DEADLINE);
  }
}
