package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Folders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sound platform whose backend has no tests. */
@Tag("nightly")
class PlatformWithoutTestsIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Path OUTPUT = ROOT.resolve("target/slipway/selftest");

  @Test
  void isReportedAndNotFailed() {
    assertReported(create("without-tests"));
  }

  @Test
  void isReportedWhereNoFileBringsPytest() {
    Path platform = create("without-pytest");
    Folders.write(platform.resolve("backend/requirements-dev.txt"), "ruff==0.14.0\n");

    assertReported(platform);
  }

  private static Path create(String name) {
    Path platform = OUTPUT.resolve(name).resolve("platform");
    BrokenPlatform.create(ROOT, Optional.empty(), platform);
    Folders.delete(platform.resolve("backend/tests"));
    new Edit("backend/pyproject.toml", "testpaths = [\"tests\"]\n", "").apply(platform);
    return platform;
  }

  private static void assertReported(Path platform) {
    SuiteRun run =
        SuiteRun.of(
            List.of(SuiteRun.all("PytestIT")), ROOT, platform, platform.resolveSibling("output"));

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).isEmpty();
    assertThat(run.skipped())
        .hasSize(1)
        .hasEntrySatisfying(
            "backendTestsPass", reason -> assertThat(reason).contains("the backend has no tests"));
  }
}
