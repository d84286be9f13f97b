package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.migrations.report.MigrationReport;
import dev.slipway.migrations.report.ReportFiles;
import dev.slipway.migrations.report.RevisionSource;
import dev.slipway.migrations.walk.WalkedRevision;
import dev.slipway.pipeline.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of a check of migrations, looked at in a real browser. */
@Tag("nightly")
class MigrationPageIT {

  private static final Path OUTPUT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().resolve("target/slipway");
  private static final Path FOLDER = OUTPUT.resolve("selftest/migration-page");
  private static final Path PAGE = FOLDER.resolve("migrations.html");

  private static DockerEngine engine;
  private static Browser browser;
  private static ShownPage page;

  @BeforeAll
  static void start() throws IOException {
    Folders.create(FOLDER);
    MigrationReport report = SampleReport.report();
    ReportFiles.write(
        FOLDER,
        report,
        report.revisions().stream().map(WalkedRevision::revision).toList(),
        revision -> new RevisionSource(revision.path(), ""));
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

  @ParameterizedTest
  @CsvSource({
    "light, 1180, light",
    "dark, 1180, dark",
    "narrow, 360, light",
  })
  void isReadable(String name, int width, String scheme) throws IOException {
    browser.open(PAGE, width, scheme, "screen");
    browser.picture(OUTPUT.resolve("migrations-" + name + ".png"));

    page.requireReadable(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "1180, light, screen",
    "1180, dark, screen",
    "360, light, screen",
    "800, dark, print"
  })
  void drawsLocksWhereTheyCanBeSeen(int width, String scheme, String medium) throws IOException {
    browser.open(PAGE, width, scheme, medium);

    JsonNode seen = page.ask("timeline-probe.js");

    assertThat(seen.path("bars").asInt()).isEqualTo(7);
    assertThat(seen.path("unseen")).as("bars that nobody sees").isEmpty();
    assertThat(seen.path("outside")).as("what stands out of its line").isEmpty();
    assertThat(seen.path("overlapping")).as("numbers that cover each other").isEmpty();
  }

  @Test
  void asksForNothingAndRunsNothing() throws IOException {
    browser.open(PAGE, 1180, "light", "screen");

    page.requireNothingForeign("file:///tmp/migrations.html");
    assertThat(page.probe().path("text").asText()).contains(SampleReport.HOSTILE);
  }

  @Test
  void isPrintedWithWhatIsFoldedOnTheScreen() {
    String hidden =
        "[...document.querySelectorAll('details:not([open]) .sql')].filter(sql => !sql.checkVisibility({contentVisibilityAuto: true})).length";

    browser.open(PAGE, 800, "light", "screen");
    assertThat(browser.ask(hidden).asInt()).isPositive();

    browser.open(PAGE, 800, "dark", "print");
    assertThat(browser.ask(hidden).asInt()).isZero();
    assertThat(browser.ask("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(255, 255, 255)");
  }

  @Test
  void wouldSeeABadPage() throws IOException {
    Path bad = FOLDER.resolve("bad.html");
    Files.writeString(
        bad,
        "<body style='background:#fff'><p style='color:#aaa'>faint</p><p style='white-space:nowrap'>"
            + "wide ".repeat(99)
            + "</p><img src='other.png'>");
    browser.open(bad, 360, "light", "screen");

    JsonNode seen = page.probe();

    assertThat(seen.path("faint")).extracting(JsonNode::asText).containsExactly("2.3 faint");
    assertThat(seen.path("outside")).hasSize(1);
    assertThat(seen.path("width").asInt()).isPositive();
    assertThat(seen.path("foreign").asInt()).isOne();
    assertThat(browser.events("Network.requestWillBeSent")).hasSize(2);
  }
}
