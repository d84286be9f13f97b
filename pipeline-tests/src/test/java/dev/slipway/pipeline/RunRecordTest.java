package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.release.BuiltImage;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTest {

  private static final Map<String, Set<String>> COMPLETE =
      Map.of("LintIT", Set.of("python", "frontend"), "EndpointIT", Set.of("well"));

  @TempDir Path folder;

  private final RunRecord run = new RunRecord(COMPLETE);

  @Test
  void aRunOfEverythingHasAVerdict() throws IOException {
    judge();
    suite("LintIT", "python", "frontend");
    suite("EndpointIT", "well");
    run.close();

    assertThat(verdict().passed()).isTrue();
    assertThat(verdict().suites())
        .extracting(SuiteResult::stage, SuiteResult::name, SuiteResult::tests)
        .containsExactly(tuple("lint", "LintIT", 2), tuple("health", "EndpointIT", 1));
  }

  @Test
  void aRunWithoutOneSuiteHasNoVerdict() throws IOException {
    judge();
    suite("LintIT", "python", "frontend");
    run.close();

    assertThat(file()).doesNotExist();
  }

  @Test
  void aRunWithoutOneTestHasNoVerdict() throws IOException {
    judge();
    suite("LintIT", "python");
    suite("EndpointIT", "well");
    run.close();

    assertThat(file()).doesNotExist();
  }

  @Test
  void aTestThatIsSkippedCountsAsRun() throws IOException {
    judge();
    start("LintIT");
    run.passed("LintIT", "python");
    run.skipped("LintIT", "frontend");
    run.suiteFinished("LintIT", false);
    suite("EndpointIT", "well");
    run.close();

    assertThat(verdict().passed()).isTrue();
    assertThat(verdict().suites().get(0).skipped()).isEqualTo(1);
  }

  @Test
  void aTestThatFailsMakesARedVerdict() throws IOException {
    judge();
    start("LintIT");
    run.passed("LintIT", "python");
    run.failed("LintIT", "frontend");
    run.suiteFinished("LintIT", false);
    suite("EndpointIT", "well");
    run.close();

    assertThat(verdict().passed()).isFalse();
  }

  @Test
  void aSuiteThatFailsBeforeItsTestsMakesARedVerdict() throws IOException {
    judge();
    start("LintIT");
    run.suiteFinished("LintIT", true);
    suite("EndpointIT", "well");
    run.close();

    assertThat(verdict().passed()).isFalse();
  }

  @Test
  void aSuiteThatCannotBeMadeMakesARedVerdict() throws IOException {
    judge();
    suite("LintIT", "python", "frontend");
    start("EndpointIT");
    run.close();

    assertThat(verdict().passed()).isFalse();
  }

  @Test
  void theLastVerdictIsGoneOnceAnotherRunJudges() {
    Folders.write(file(), "{}");
    judge();

    assertThat(file()).doesNotExist();
  }

  @Test
  void aVerdictTakesEverySuiteAndEachOfItsTests() {
    assertThat(Suites.tests())
        .containsOnlyKeys(
            "LintIT",
            "PytestIT",
            "ImagesIT",
            "MigrationsIT",
            "EndpointIT",
            "WholePlatformIT",
            "RehearsalIT")
        .containsEntry("LintIT", Set.of("pythonSourcesAreClean", "frontendSourcesAreClean"));
  }

  private void suite(String suite, String... tests) {
    start(suite);
    for (String test : tests) {
      run.passed(suite, test);
    }
    run.suiteFinished(suite, false);
  }

  private void start(String suite) {
    run.suiteStarted(suite, Set.of(suite.equals("LintIT") ? "lint" : "health"));
  }

  private Path file() {
    return folder.resolve("verdict.json");
  }

  private Verdict verdict() throws IOException {
    return Verdict.parse(Files.readString(file()), "here");
  }

  private void judge() {
    run.judge(new SomePlatform(file()));
  }

  /** A commit with one image. */
  private record SomePlatform(Path verdictFile) implements Judged {

    @Override
    public Verdict verdict(boolean passed, List<SuiteResult> suites, Instant finishedAt) {
      return new Verdict(
          "c0ffee",
          true,
          "",
          passed,
          Map.of("backend", new BuiltImage("sha256:1", "c0ffee")),
          Optional.of("0001"),
          suites,
          finishedAt);
    }
  }
}
