package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import dev.slipway.deploy.report.DeployOutcome;
import dev.slipway.deploy.report.DeployReport;
import dev.slipway.deploy.report.Timeline;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.pipeline.Folders;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page that a deployment leaves, looked at in a real browser. */
@Tag("nightly")
class DeployPageIT {

  private static final Path OUTPUT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().resolve("target/slipway");
  private static final Path FOLDER = OUTPUT.resolve("selftest/deploy-page");
  private static final Path PAGE = FOLDER.resolve("deploy.html");
  private static final String HOSTILE = "</pre><script>alert('output')</script>";
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static DockerEngine engine;
  private static Browser browser;
  private static ShownPage page;

  @BeforeAll
  static void start() throws IOException {
    Folders.create(FOLDER);
    Files.writeString(FOLDER.resolve("load.csv"), load());
    Timeline timeline = timeline();
    assertThat(new DeployReport(FOLDER, Optional.empty()).write(outcome(timeline), timeline))
        .isEmpty();
    engine = DockerEngine.connect();
    browser = Browser.start(engine, FOLDER.resolve("chromium"));
    page = new ShownPage(browser);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    engine.close();
  }

  private static final ReleaseManifest RELEASE =
      new ReleaseManifest(
          "4f2a91c0d1e2f30415263748596a7b8c9d0e1f20",
          Optional.of("4f2a91c"),
          Map.of(),
          Optional.of("0004"),
          Map.of(),
          BEGIN);

  /** Rolled back: its last step but one stayed open. */
  private static Timeline timeline() {
    Deque<Integer> seconds = new ArrayDeque<>(List.of(0, 1, 4, 9, 11, 34));
    Timeline timeline =
        new Timeline(
            new Clock() {
              @Override
              public Instant instant() {
                int now = seconds.size() > 1 ? seconds.removeFirst() : seconds.getFirst();
                return BEGIN.plusSeconds(now);
              }

              @Override
              public ZoneOffset getZone() {
                return ZoneOffset.UTC;
              }

              @Override
              public Clock withZone(java.time.ZoneId zone) {
                return this;
              }
            });
    timeline.line("Connected to deploy@host: Docker 26.1.5, compose 2.26.1.");
    step(timeline, 1, new Step.FetchCommit(RELEASE.commit(), "not in the server's repository"), 3);
    step(timeline, 2, new Step.Migrate(Optional.of("0003"), "0004", "the database is at 0003"), 5);
    step(timeline, 3, new Step.Checkout(RELEASE.commit(), "the checkout is at 0123456789ab"), 2);
    step(timeline, 4, new Step.PassGate(RELEASE.version(), "nothing ships that was not seen"), 0);
    timeline.line("FAILED: Service backend keeps crashing: restarted 3 times in 21 s.");
    timeline.line("Bringing back 0123456789ab, which served before.");
    return timeline;
  }

  private static void step(Timeline timeline, int number, Step step, int seconds) {
    timeline.stepStarted(number, 4, step);
    timeline.line("      " + HOSTILE);
    timeline.line("      INFO  [alembic.runtime.migration] " + "a-long-name-".repeat(20));
    if (seconds > 0) {
      timeline.stepFinished(Duration.ofSeconds(seconds));
    }
  }

  private static DeployOutcome outcome(Timeline timeline) {
    return new DeployOutcome(
        "platform-v2",
        Action.DEPLOY,
        Optional.of(RELEASE),
        ExitCode.ROLLED_BACK_SCHEMA_MOVED,
        timeline.failure(),
        "https://gitlab.example/team/platform-v2/-/jobs/123456",
        timeline.elapsed(),
        Optional.of(URI.create("https://platform.example/")));
  }

  /** Fifty requests a second, one second of failures. */
  private static String load() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 34 * 50; i++) {
      boolean failed = i >= 700 && i < 750;
      long latency = failed ? 400_000_000L : 4_000_000L + i % 37L * (i > 600 ? 5 : 1) * 1_000_000L;
      lines.append(BEGIN.getEpochSecond() * 1_000_000_000L + i * 20_000_000L);
      lines.append(failed ? ",502," : ",200,").append(latency).append('\n');
    }
    return lines.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "light, 1180, light",
    "dark, 1180, dark",
    "narrow, 360, light",
  })
  void isReadable(String name, int width, String scheme) throws IOException {
    browser.open(PAGE, width, scheme, "screen");
    browser.picture(OUTPUT.resolve("deploy-" + name + ".png"));

    page.requireReadable(scheme);
  }

  @Test
  void asksForNothingAndRunsNothing() throws IOException {
    browser.open(PAGE, 1180, "light", "screen");

    page.requireNothingForeign("file:///tmp/deploy.html");
    assertThat(page.probe().path("text").asText()).contains("was rolled back, on a newer schema");
    assertThat(browser.ask("document.querySelectorAll('.steps li').length").asInt()).isEqualTo(4);
    assertThat(browser.ask("document.querySelectorAll('.steps li.failed').length").asInt()).isOne();
    assertThat(browser.ask("document.querySelector('pre').textContent").asText()).contains(HOSTILE);
    assertThat(browser.ask("document.querySelectorAll('svg .failure').length").asInt())
        .isPositive();
  }

  @Test
  void isPrintedWithWhatIsFoldedOnTheScreen() throws IOException {
    String hidden =
        "[...document.querySelectorAll('details:not([open]) pre')].filter(text => !text.checkVisibility({contentVisibilityAuto: true})).length";

    browser.open(PAGE, 800, "light", "screen");
    assertThat(browser.ask(hidden).asInt()).isPositive();

    browser.open(PAGE, 800, "dark", "print");
    browser.picture(OUTPUT.resolve("deploy-print.png"));
    assertThat(browser.ask(hidden).asInt()).isZero();
    assertThat(browser.ask("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(255, 255, 255)");
  }
}
