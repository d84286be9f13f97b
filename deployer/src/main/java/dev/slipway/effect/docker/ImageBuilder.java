package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.BuildResponseItem;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Builds images: with BuildKit through a docker program that has it, else with the engine's classic
 * builder.
 */
public final class ImageBuilder {

  private static final Duration DEADLINE = Duration.ofMinutes(20);
  private static final Duration QUESTION = Duration.ofSeconds(60);

  private final Shell shell;
  private final DockerClient client;

  /** How BuildKit is called on this machine. */
  private final Optional<List<String>> buildKit;

  ImageBuilder(Shell shell, DockerClient client, List<Path> path) {
    this.shell = shell;
    this.client = client;
    this.buildKit = findBuildKit(path);
  }

  /** Which builder is used, for the log. */
  public String describe() {
    return buildKit
        .map(found -> "BuildKit (" + String.join(" ", found) + ")")
        .orElse("the classic builder");
  }

  /** Docker 23 and newer need the buildx plugin for BuildKit; older programs have it built in. */
  private Optional<List<String>> findBuildKit(List<Path> path) {
    for (Path folder : path) {
      Path docker = folder.resolve("docker");
      if (!Files.isExecutable(docker)) {
        continue;
      }
      if (shell
          .run(ShellCommand.of(docker.toString(), "buildx", "version"), QUESTION)
          .succeeded()) {
        return Optional.of(
            List.of(docker.toString(), "buildx", "build", "--load", "--provenance=false"));
      }
      CommandResult version = shell.run(ShellCommand.of(docker.toString(), "--version"), QUESTION);
      if (version.standardOutput().matches("(?s)Docker version (18\\.09|19|20)\\..*")) {
        return Optional.of(List.of(docker.toString(), "build"));
      }
    }
    return Optional.empty();
  }

  /**
   * Builds an image.
   *
   * @return the image's id
   * @throws SlipwayException with the last lines of the build when it fails
   */
  public String build(ImageBuild build, Consumer<String> progress) {
    if (!Files.isRegularFile(build.recipe())) {
      throw failed(
          build,
          "there is no " + build.recipe().getFileName() + " in " + build.context().getFileName());
    }
    return buildKit
        .map(found -> buildWithBuildKit(found, build, progress))
        .orElseGet(() -> buildClassic(build, progress));
  }

  private String buildWithBuildKit(
      List<String> program, ImageBuild build, Consumer<String> progress) {
    BuildTail tail = new BuildTail();
    CommandResult result =
        shell.run(
            command(program, build),
            DEADLINE,
            line -> {
              tail.add(line);
              progress.accept(line);
            });
    if (!result.succeeded()) {
      throw failed(build, tail.text());
    }
    return client.inspectImageCmd(build.name()).exec().getId();
  }

  /** A build by a docker program that has BuildKit. */
  static ShellCommand command(List<String> program, ImageBuild build) {
    List<String> words = new ArrayList<>(program);
    words.addAll(
        List.of("--progress=plain", "--tag", build.name(), "--file", build.recipe().toString()));
    new TreeMap<>(build.labels())
        .forEach((key, value) -> words.addAll(List.of("--label", key + "=" + value)));
    new TreeMap<>(build.arguments())
        .forEach((key, value) -> words.addAll(List.of("--build-arg", key + "=" + value)));
    words.add(build.context().toAbsolutePath().toString());
    return ShellCommand.of(words).withVariable("DOCKER_BUILDKIT", "1");
  }

  private String buildClassic(ImageBuild build, Consumer<String> progress) {
    requireClassic(build);
    BuildTail tail = new BuildTail();
    BuildImageCmd command =
        client
            .buildImageCmd(build.context().toFile())
            .withDockerfile(build.recipe().toFile())
            .withTags(Set.of(build.name()))
            .withForcerm(true) // or the container of a step that fails stays
            .withLabels(build.labels());
    for (Map.Entry<String, String> argument : build.arguments().entrySet()) {
      command.withBuildArg(argument.getKey(), argument.getValue());
    }
    try {
      command
          .exec(
              new BuildImageResultCallback() {
                @Override
                public void onNext(BuildResponseItem item) {
                  super.onNext(item);
                  String text = item.getStream();
                  if (text != null && !text.isBlank()) {
                    tail.add(text.strip());
                    progress.accept(text.strip());
                  }
                }
              })
          .awaitImageId(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (DockerException | DockerClientException e) {
      throw failed(build, tail.text() + "\n" + e.getMessage());
    }
    return client.inspectImageCmd(build.name()).exec().getId();
  }

  private static void requireClassic(ImageBuild build) {
    List<String> lines;
    try {
      lines = Files.readAllLines(build.recipe());
    } catch (IOException e) {
      throw failed(build, String.valueOf(e.getMessage()));
    }
    BuildKitSyntax.in(lines)
        .ifPresent(
            instruction -> {
              throw SlipwayException.refused(
                  "The image of "
                      + build.context().getFileName()
                      + " does not build: `"
                      + instruction
                      + "` needs BuildKit, and no docker program in PATH has it.",
                  "Install docker with BuildKit: Docker's package docker-buildx-plugin or Debian's docker-buildx.");
            });
  }

  private static SlipwayException failed(ImageBuild build, String why) {
    return new ImageBuildFailed(build, why.strip());
  }
}
