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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what every suite did; a run of all their tests ends with a verdict, any other with none.
 */
final class RunRecord implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  private final Map<String, Set<String>> complete;
  private final Map<String, Count> counts = new LinkedHashMap<>();
  private @Nullable Judged judged;

  /**
   * An empty record.
   *
   * @param complete the tests of every suite that a verdict takes
   */
  RunRecord(Map<String, Set<String>> complete) {
    this.complete = Map.copyOf(complete);
  }

  void judge(Judged platform) {
    this.judged = platform;
    try {
      Files.deleteIfExists(platform.verdictFile());
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
      count.failedAsAWhole = true;
    }
  }

  void passed(String suite, String test) {
    count(suite).ran(test).tests++;
  }

  void failed(String suite, String test) {
    Count count = count(suite).ran(test);
    count.tests++;
    count.failed++;
  }

  void skipped(String suite, String test) {
    count(suite).ran(test).skipped++;
  }

  private Count count(String suite) {
    return Objects.requireNonNull(counts.get(suite));
  }

  /**
   * Writes the verdict when every test of every suite was there; a run that was cut short or
   * filtered proves nothing.
   */
  @Override
  public void close() throws IOException {
    Judged platform = judged;
    if (platform == null || !isComplete()) {
      return;
    }
    boolean passed =
        counts.values().stream().allMatch(count -> count.failed == 0 && count.finished != null);
    Verdict verdict = platform.verdict(passed, results(), Instant.now(Clock.systemUTC()));
    Path file = platform.verdictFile();
    Files.createDirectories(file.getParent());
    Files.writeString(file, Json.page(verdict));
    LOG.info(
        "Verdict: {} for commit {}, written to {}",
        passed ? "passed" : "FAILED",
        verdict.commit(),
        file);
  }

  private boolean isComplete() {
    return complete.entrySet().stream()
        .allMatch(
            suite -> {
              Count count = counts.get(suite.getKey());
              return count != null && (count.brokeOff() || count.ran.containsAll(suite.getValue()));
            });
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
    private boolean failedAsAWhole;
    private final Set<String> ran = new HashSet<>();

    private Count(Stage stage) {
      this.stage = stage;
    }

    private Count ran(String test) {
      ran.add(test);
      return this;
    }

    /** It is red without its tests: it could not be made, or failed before or after them. */
    private boolean brokeOff() {
      return finished == null || failedAsAWhole;
    }

    private SuiteResult result(String suite) {
      Instant end = finished == null ? started : finished;
      return new SuiteResult(
          stage.tag(), suite, tests, failed, skipped, Duration.between(started, end).toMillis());
    }
  }
}
