package dev.slipway.pipeline;

import dev.slipway.Json;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what every suite did; a run of all stages ends with a verdict, any other with none. */
final class RunRecord implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  private final boolean allStages;
  private final Map<String, Count> counts = new LinkedHashMap<>();
  private @Nullable PlatformUnderTest platform;

  RunRecord(boolean allStages) {
    this.allStages = allStages;
  }

  void judge(PlatformUnderTest judged) {
    this.platform = judged;
    try {
      Files.deleteIfExists(judged.workspace().verdictFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void suiteStarted(String suite, Set<String> tags) {
    counts.put(suite, new Count(Stage.of(tags).orElseThrow()));
  }

  void suiteFinished(String suite, boolean failedAsAWhole) {
    Count count = count(suite);
    count.finished = Instant.now(Clock.systemUTC());
    if (failedAsAWhole) {
      count.failed++;
    }
  }

  void passed(String suite) {
    count(suite).tests++;
  }

  void failed(String suite) {
    count(suite).tests++;
    count(suite).failed++;
  }

  void skipped(String suite) {
    count(suite).skipped++;
  }

  private Count count(String suite) {
    return java.util.Objects.requireNonNull(counts.get(suite));
  }

  /**
   * Writes the verdict when every stage was there; a run that was cut short or filtered proves
   * nothing.
   */
  @Override
  public void close() throws IOException {
    PlatformUnderTest judged = platform;
    if (judged == null || !allStages || !stages().equals(EnumSet.allOf(Stage.class))) {
      return;
    }
    boolean passed =
        counts.values().stream().allMatch(count -> count.failed == 0 && count.finished != null);
    Verdict verdict =
        new Verdict(
            judged.commit(),
            judged.clean(),
            judged.folder(),
            passed,
            judged.imagesSoFar(),
            judged.schemaHead(),
            results(),
            Instant.now(Clock.systemUTC()));
    Path file = judged.workspace().verdictFile();
    Files.createDirectories(file.getParent());
    Files.writeString(file, Json.page(verdict));
    LOG.info(
        "Verdict: {} for commit {}, written to {}",
        passed ? "passed" : "FAILED",
        judged.commit(),
        file);
  }

  private Set<Stage> stages() {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    counts.values().stream()
        .filter(count -> count.tests + count.skipped + count.failed > 0)
        .forEach(count -> stages.add(count.stage));
    return stages;
  }

  private List<SuiteResult> results() {
    List<SuiteResult> results = new ArrayList<>();
    counts.forEach((suite, count) -> results.add(count.result(suite)));
    return results;
  }

  private static final class Count {

    private final Stage stage;
    private final Instant started = Instant.now(Clock.systemUTC());
    private @Nullable Instant finished;
    private int tests;
    private int failed;
    private int skipped;

    private Count(Stage stage) {
      this.stage = stage;
    }

    private SuiteResult result(String suite) {
      Instant end = finished == null ? started : finished;
      return new SuiteResult(
          stage.tag(), suite, tests, failed, skipped, Duration.between(started, end).toMillis());
    }
  }
}
