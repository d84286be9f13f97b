package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedPlatformTest {

  @TempDir Path root;

  @Test
  void isToldInFullToTheFirstSuiteAndBrieflyToTheOthers() {
    SuiteRun run =
        SuiteRun.of(
            Stream.of("LintIT", "PytestIT", "ImagesIT", "EndpointIT", "WholePlatformIT")
                .map(SuiteRun::all)
                .toList(),
            root,
            root.resolve("nowhere"),
            root.resolve("output"));

    assertThat(run.passed()).isEmpty();
    assertThat(run.red())
        .hasSize(5)
        .containsEntry(
            "LintIT",
            "The platform's folder "
                + root.resolve("nowhere")
                + " does not exist.\nName it with -Dplatform.dir=… or --platform.");
    for (String later : List.of("PytestIT", "ImagesIT", "EndpointIT", "WholePlatformIT")) {
      assertThat(run.red().get(later))
          .isEqualTo("No platform to judge: see the first failure, that of LintIT");
    }
  }

  @Test
  void saysWhatToDoToASuiteThatTakesThePlatformBeforeItsTests() {
    SuiteRun run =
        SuiteRun.of(
            List.of(SuiteRun.all("EndpointIT")),
            root,
            root.resolve("nowhere"),
            root.resolve("output"));

    assertThat(run.red().get("EndpointIT"))
        .endsWith("Name it with -Dplatform.dir=… or --platform.");
  }
}
