package dev.slipway.deploy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.ledger.LedgerEntry.Action;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deployment leaves in the output folder. */
class DeployReportTest {

  @TempDir private Path folder;
  private final SampleDeployment sample = new SampleDeployment();

  private String page(Optional<Load> load) {
    return DeployPage.of(sample.outcome(), sample.timeline, load);
  }

  @Test
  void tellsGitlabReleaseOutcomeAndAddress() {
    assertThat(sample.outcome().dotenv())
        .isEqualTo(
            """
            SLIPWAY_COMMIT=4f2a91c0d1e2f30415263748596a7b8c9d0e1f20
            SLIPWAY_RELEASE=4f2a91c0d1e2f30415263748596a7b8c9d0e1f20
            SLIPWAY_VERSION=4f2a91c
            SLIPWAY_OUTCOME=ROLLED_BACK
            SLIPWAY_ENVIRONMENT_URL=https://platform.example/
            """);
  }

  @Test
  void namesNoReleaseWhereNoneCameToBeKnown() {
    DeployOutcome refused =
        new DeployOutcome(
            "platform-v2",
            Action.ROLLBACK,
            Optional.empty(),
            ExitCode.REFUSED,
            Optional.of("There is no earlier good release."),
            "ann@laptop",
            Duration.ofSeconds(1),
            Optional.empty());

    assertThat(refused.headline()).isEqualTo("The rollback was refused");
    assertThat(refused.dotenv()).isEqualTo("SLIPWAY_OUTCOME=REFUSED\n");
    assertThat(Json.line(refused.message())).contains("The rollback was refused");
    assertThat(DeployPage.of(refused, sample.timeline, Optional.empty()))
        .contains("The rollback was refused", "no earlier good release");
  }

  @Test
  void mentionsNobodyInAChat() {
    DeployOutcome locked =
        new DeployOutcome(
            "platform-v2",
            Action.DEPLOY,
            Optional.of(SampleDeployment.RELEASE),
            ExitCode.LOCKED,
            Optional.of("<!channel> a && b"),
            "ann@laptop",
            Duration.ofSeconds(1),
            Optional.empty());

    assertThat(locked.message().get("text"))
        .isEqualTo(
            "platform-v2: 4f2a91c0d1e2 was refused: the server is locked (DEPLOY by ann@laptop, 1.0 s)\n&lt;!channel&gt; a &amp;&amp; b");
    assertThat(locked.message()).containsEntry("reason", Optional.of("<!channel> a && b"));
  }

  @Test
  void removesWhatAnotherRunLeft() {
    new DeployReport(folder, Optional.empty()).write(sample.outcome(), sample.timeline);
    assertThat(folder).isNotEmptyDirectory();

    DeployReport.remove(folder);

    assertThat(folder).isEmptyDirectory();
    assertThatCode(() -> DeployReport.remove(folder.resolve("none"))).doesNotThrowAnyException();
  }

  @Test
  void leavesTheLoginOutOfTheAddress() {
    DeployOutcome outcome = sample.outcome(URI.create("https://ann:swordfish@platform.example/"));

    assertThat(outcome.dotenv()).contains("SLIPWAY_ENVIRONMENT_URL=https://platform.example/\n");
    assertThat(Json.line(outcome.message())).doesNotContain("swordfish");
  }

  @Test
  void showsEachStepWithCauseTimeAndOutputAndWhichOneFailed() {
    assertThat(page(Optional.empty()))
        .contains("4f2a91c0d1e2 was rolled back", "The gate stayed shut.", "exit code 4")
        .contains("fetch commit 4f2a91c0d1e2", "not in the server&#39;s repository")
        .contains(
            "<span class=\"took\">3.0 s</span>", "<span class=\"took\">30.0 s, not done</span>")
        .contains("Rolled back: 0123456789ab serves again.")
        .doesNotContain("<svg");
  }

  @Test
  void escapesWhatServicesPrintAndHoldsNeitherScriptNorAddress() {
    String page = page(Optional.of(Load.parse(sample.load())));

    assertThat(page).contains("&lt;/pre&gt;&lt;script&gt;").doesNotContain("<script");
    assertThat(page).doesNotContainPattern("(src|href)=|url\\(|@import");
  }

  @Test
  void drawsTheLoadThatWasOnMeanwhile() {
    assertThat(page(Optional.of(Load.parse(sample.load()))))
        .contains("<svg")
        .contains("720 requests, 20 failed; half were answered within ")
        .contains("the slowest took 900 ms")
        .contains("<title>3 failed</title>");
  }

  @Test
  void leavesOutALoadOfAnotherTime() {
    Load old = new Load(List.of(new Load.Request(Instant.EPOCH, 200, Duration.ofMillis(3))));

    assertThat(page(Optional.of(old))).doesNotContain("<svg");
  }

  @Test
  void readsBothFormsOfALoad() {
    Load csv = Load.parse("timestamp,code,latency\n1767225600000000001,200,5000000\n");
    Load json =
        Load.parse(
            "{\"attack\":\"\",\"code\":200,\"timestamp\":\"2026-01-01T00:00:00.000000001Z\",\"latency\":5000000}\n");

    assertThat(json).isEqualTo(csv);
    assertThatThrownBy(() -> Load.parse("1,200,1\nnonsense\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2 is no request");
  }

  @Test
  void writesBothFilesAndFindsTheLoadBesideThem() throws IOException {
    Files.writeString(folder.resolve("load.csv"), sample.load());

    assertThat(new DeployReport(folder, Optional.empty()).write(sample.outcome(), sample.timeline))
        .isEmpty();

    assertThat(folder.resolve("deploy.env")).exists();
    assertThat(folder.resolve("deploy.html")).content().contains("<svg");
  }

  @Test
  void saysWhatItCannotReadAndWritesTheRest() {
    assertThat(
            new DeployReport(folder, Optional.of(folder.resolve("missing.csv")))
                .write(sample.outcome(), sample.timeline))
        .singleElement()
        .asString()
        .startsWith("The load cannot be read: ");
    assertThat(folder.resolve("deploy.html")).exists();
  }

  @Test
  void saysTheSameToAChatInTextAndFields() {
    String json = Json.line(sample.outcome().message());

    assertThat(Json.tree(json).path("text").asText())
        .isEqualTo(
            "platform-v2: 4f2a91c0d1e2 was rolled back (DEPLOY by ann@laptop, 36.0 s)\n"
                + "The gate stayed shut.\nhttps://platform.example/");
    assertThat(Json.tree(json).path("outcome").asText()).isEqualTo("ROLLED_BACK");
    assertThat(Json.tree(json).path("exitCode").asInt()).isEqualTo(4);
  }
}
