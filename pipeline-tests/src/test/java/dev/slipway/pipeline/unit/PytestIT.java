package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.ContainerRun;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.pipeline.Toolbox;
import dev.slipway.platform.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend's own tests, in the image that ships, with a PostgreSQL and a Redis at hand. */
@PipelineTest
@Tag("test")
class PytestIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final String SOURCES = "/slipway/backend";
  private static final int NO_TESTS_COLLECTED = 5;

  private final PlatformUnderTest platform;

  PytestIT(PlatformUnderTest platform) {
    this.platform = platform;
  }

  @Test
  void backendTestsPass() throws IOException {
    String folder = platform.platform().built(Role.BACKEND).orElseThrow().folder();
    Path backend = platform.sources().resolve(folder);
    Toolbox toolbox = new Toolbox(platform);
    List<Path> files = files(backend);
    TestRequirements requirements = requirements(folder, files);
    String image =
        toolbox.image(
            "pytest",
            requirements.dockerfile(platform.images().name(Role.BACKEND), SOURCES),
            files.stream().filter(file -> requirements.reads(name(file))).toList());
    String database = platform.rig().createDatabase().name();

    CommandResult result =
        toolbox.run(
            ContainerRun.of(
                    image,
                    List.of("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"))
                .with(platform.rig().backendEnvironment(database))
                .on(platform.rig().networkId())
                .as("root")
                .copying(backend, SOURCES));

    if (result.exitStatus() == NO_TESTS_COLLECTED) {
      LOG.info("The backend has no tests; write some below {}/tests.", folder);
    }
    assumeTrue(result.exitStatus() != NO_TESTS_COLLECTED, "the backend has no tests");
    assertThat(result.exitStatus())
        .withFailMessage(
            () ->
                "pytest ends with "
                    + result.exitStatus()
                    + " in "
                    + folder
                    + ":\n"
                    + result.tail(60)
                    + "\nMend what the tests name; they ran in the backend's image with "
                    + Path.of(folder).resolve(requirements.origin()).normalize()
                    + " on top.")
        .isZero();
    LOG.info("pytest: {}", result.tail(1));
  }

  private static TestRequirements requirements(String folder, List<Path> files) {
    return TestRequirements.of(files.stream().map(PytestIT::name).collect(Collectors.toSet()))
        .orElseThrow(
            () ->
                new AssertionError(
                    "Neither requirements*.txt nor poetry.lock nor uv.lock in "
                        + folder
                        + "; write what pytest needs into requirements-dev.txt."));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static List<Path> files(Path backend) throws IOException {
    try (Stream<Path> files = Files.list(backend)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
