package dev.slipway.pipeline;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.effect.docker.Ephemeral;
import dev.slipway.effect.docker.ImageBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Images with the platform's own tools at its own pinned versions, and single commands in them. */
public final class Toolbox {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration DEADLINE = Duration.ofMinutes(15);

  private final PlatformUnderTest platform;

  /** The tools of one platform. */
  public Toolbox(PlatformUnderTest platform) {
    this.platform = platform;
  }

  /**
   * Builds an image for a tool.
   *
   * @param name what it is for, such as {@code ruff}
   * @param dockerfile its recipe
   * @param files files that the recipe copies, which decide with it whether anything is built anew
   */
  public String image(String name, String dockerfile, List<Path> files) {
    Path context = platform.scratch("toolbox-" + name);
    try {
      Files.writeString(context.resolve("Dockerfile"), dockerfile);
      for (Path file : files) {
        Files.copy(file, context.resolve(file.getFileName().toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LOG.info("Preparing {}", name);
    String image = "slipway.local/toolbox/" + name + ":latest";
    try (BuildProgress progress = BuildProgress.of(name)) {
      return platform.images().builder().build(ImageBuild.of(context, image), progress);
    }
  }

  /** Runs one command in a new container. */
  public CommandResult run(ContainerRun run) {
    return platform.engine().runner(Ephemeral.labels()).run(run, DEADLINE);
  }
}
