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
    String image = toolbox.image("pytest", dockerfile(), requirements(backend));
    String database = platform.rig().createDatabase();

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
                    + folder
                    + "/requirements-dev.txt on top.")
        .isZero();
    LOG.info("pytest: {}", result.tail(1));
  }

  private String dockerfile() {
    return "FROM "
        + platform.images().name(Role.BACKEND)
        + "\nUSER root\nWORKDIR "
        + SOURCES
        + "\nCOPY requirements*.txt pyproject.tom[l] /slipway/requirements/\n"
        + "RUN if [ -e /slipway/requirements/requirements-dev.txt ]; then"
        + " python -m pip install --no-cache-dir -r /slipway/requirements/requirements-dev.txt;"
        + " else python -m pip install --no-cache-dir pytest; fi\n";
  }

  private static List<Path> requirements(Path backend) throws IOException {
    try (Stream<Path> files = Files.list(backend)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().matches("requirements.*\\.txt"))
              .sorted()
              .toList();
      assertThat(found)
          .withFailMessage(
              "No requirements*.txt in the backend; write what pytest needs into requirements-dev.txt.")
          .isNotEmpty();
      return found;
    }
  }
}
