package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.PipelineTest;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backend's own tests, in the image that ships, with a PostgreSQL and a Redis at hand. */
@PipelineTest
@Tag("test")
class PytestIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  /** The short summary also has what was skipped, and why. */
  private static final List<String> WITH_REASONS = List.of("-rfEs");

  private final PlatformUnderTest platform;

  PytestIT(PlatformUnderTest platform) {
    this.platform = platform;
  }

  @Test
  void backendTestsPass() {
    String folder = platform.platform().built(Role.BACKEND).orElseThrow().folder();
    Path backend = platform.sources().resolve(folder);
    BackendTests tests =
        BackendTests.of(platform, "pytest", platform.images().name(Role.BACKEND), backend)
            .orElseThrow(() -> unknown(folder));

    CommandResult result = tests.run(platform.sources(), folder, platform.rig(), WITH_REASONS);

    requireTests(!BackendTests.foundNone(result), folder);
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
                    + tests.added(folder)
                    + "."
                    + madeUp(platform.variables().madeUpIn(result.tail(60))))
        .isZero();
    assertThat(BackendTests.skippedAll(result))
        .withFailMessage(
            () ->
                "pytest skips every test in "
                    + folder
                    + ", so that nothing is tested:\n"
                    + result.tail(30)
                    + "\nGive what they wait for a default in conftest.py; the variables of the backend's service are set, and its PostgreSQL and Redis are there. Or take them out: a backend may have no tests.")
        .isFalse();
    LOG.info("pytest: {}", result.tail(1));
  }

  private static String madeUp(Set<String> variables) {
    return variables.isEmpty()
        ? ""
        : "\nMade up for this run, since .env.example leaves it empty: "
            + String.join(", ", variables)
            + ".";
  }

  private AssertionError unknown(String folder) {
    requireTests(BackendTests.anyIn(platform.sources().resolve(folder)), folder);
    return new AssertionError(TestRequirements.missing(platform.sources(), folder));
  }

  private static void requireTests(boolean any, String folder) {
    if (!any) {
      LOG.info("The backend has no tests; write some below {}/tests.", folder);
    }
    assumeTrue(any, "the backend has no tests");
  }
}
