package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.SampleReleases.ADDED_REVISION;
import static dev.slipway.pipeline.rehearsal.SampleReleases.all;
import static dev.slipway.pipeline.rehearsal.SampleReleases.budget;
import static dev.slipway.pipeline.rehearsal.SampleReleases.crash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Releases that fail on a real server, from the first deployment on, and what is left of each. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class FailedReleaseIT {

  private static final int BUDGET_SECONDS = 40;

  private final Production production;
  private final SampleReleases releases;
  private final Candidate good;
  private final Candidate crashing;
  private final List<String> ledger = new ArrayList<>();
  private String postgres = "";

  FailedReleaseIT(Production production) {
    this.production = production;
    this.releases = production.releases();
    this.good = production.good();
    this.crashing = candidate("Crash at the start", crash());
    production.empty();
  }

  private Candidate candidate(String title, Map<String, String> files) {
    return production.candidate(releases.with(title, all(budget(BUDGET_SECONDS), files)));
  }

  @AfterEach
  void leavesNoLockAndNoContainerBehind() {
    assertThat(production.locked()).isFalse();
    assertThat(production.onServer("docker ps -aq --filter label=com.docker.compose.oneoff=True"))
        .isEmpty();
  }

  @Test
  @Order(1)
  void leavesAFirstDeploymentThatCrashesToLookAt() {
    Optional<String> latest = production.digest("backend", "latest");
    Outcome outcome = production.slipway(crashing, "deploy");

    assertThat(outcome.text())
        .contains(
            "The last lines of backend:",
            "the settings name no price list",
            "Nothing served before this first deployment");
    assertThat(outcome.exitCode()).isEqualTo(7);
    assertThat(production.ledger()).containsExactly("DEPLOY FAILED null");
    assertThat(production.succeed(crashing, "logs").text())
        .contains("the settings name no price list, but postgresql+psycopg://platform:[secret]@");
    assertThat(production.digest("backend", "latest")).isEqualTo(latest);
    assertThat(production.digest("backend", crashing.commit())).isPresent().isNotEqualTo(latest);
  }

  @Test
  @Order(2)
  void leavesAVersionThatWasDeployedByHandAlone() {
    production.empty();
    deployByHand();
    Map<String, String> images = production.runningImages();

    Outcome outcome = production.slipway(crashing, "deploy");

    assertThat(outcome.text())
        .contains("Nothing was swapped: what served before serves as before.");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(production.runningImages()).isEqualTo(images);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    assertThat(production.checkedOut()).isEqualTo(good.commit());
    expectLedger("DEPLOY FAILED " + good.commit());
  }

  private void deployByHand() {
    production.succeed(good, "release");
    String registry = production.variable("REGISTRY");
    production.onServer(
        "set -e; cd /opt/platform-v2; echo '"
            + production.variable("REGISTRY_PASSWORD")
            + "' | docker login -u ci --password-stdin "
            + registry
            + " >/dev/null 2>&1; printf 'REGISTRY=%s\\nTAG=%s\\n' "
            + registry
            + " "
            + good.commit()
            + " >> .env; compose=$(docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose);"
            + " $compose -f docker-compose.prod.yml pull -q; $compose -f docker-compose.prod.yml up -d;"
            + " $compose -f docker-compose.prod.yml exec -T backend alembic upgrade head;"
            + " docker logout "
            + registry
            + "; rm -rf /root/.docker");
  }

  @Test
  @Order(3)
  void movesLatestOnceAReleaseServes() {
    production.serveGood();

    postgres = production.container("postgres");
    production.query("insert into customers (name) values ('Ada'), ('Grace')");
    assertThat(production.rows()).isEqualTo("2");
    assertThat(production.digest("backend", "latest"))
        .isPresent()
        .isEqualTo(production.digest("backend", good.commit()));
    expectLedger("DEPLOY SERVING " + good.commit());
  }

  @Test
  @Order(4)
  void doesNothingTheSecondTime() {
    String before = production.state();
    Outcome outcome = production.succeed(good, "deploy");

    assertThat(outcome.text()).contains("Nothing to do: " + brief(good) + " is serving.");
    assertThat(production.state()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void keepsTheOldVersionWhenTheMigrationFails() {
    Candidate failing =
        candidate(
            "Fail to migrate", releases.migration("raise ValueError(\"no such price list\")"));
    Map<String, String> images = production.runningImages();
    String backend = production.container("backend");

    Outcome outcome = production.slipway(failing, "deploy");

    assertThat(outcome.text())
        .contains("no such price list", "The migration failed", brief(good) + " serves as before")
        .doesNotContain("The schema was NOT reverted");
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(production.container("backend")).isEqualTo(backend);
    expectGood(images);
    expectLedger("DEPLOY FAILED " + good.commit());
  }

  @Test
  @Order(6)
  void leavesTheOldContainerAloneWhenTheReleaseCrashes() {
    Map<String, String> images = production.runningImages();

    Outcome outcome = production.slipway(crashing, "deploy");

    assertThat(outcome.text())
        .contains(
            "The new container of backend keeps crashing: restarted ",
            "The last lines of backend:",
            "the settings name no price list",
            "Nothing was swapped: " + brief(good) + " serves as before.")
        .doesNotContain("The schema was NOT reverted");
    assertThat(outcome.exitCode()).isEqualTo(3);
    expectGood(images);
    expectLedger("DEPLOY FAILED " + good.commit());
  }

  @Test
  @Order(7)
  void leavesTheOldContainerAloneWhenAnotherVersionAnswers() {
    Map<String, String> images = production.runningImages();
    Candidate wrong =
        candidate(
            "Answer as another version",
            releases.changed(
                "backend/app/health.py",
                "version=self._settings.app_version",
                "version=\"another\""));

    Outcome outcome = production.slipway(wrong, "deploy");

    assertThat(outcome.text())
        .contains("version another answers, not " + wrong.commit(), "Nothing was swapped: ");
    assertThat(outcome.exitCode()).isEqualTo(3);
    expectGood(images);
    expectLedger("DEPLOY FAILED " + good.commit());
  }

  @Test
  @Order(8)
  void leavesTheOldContainerAloneWhenHealthIsNeverGreen() {
    Map<String, String> images = production.runningImages();
    Candidate ill =
        candidate(
            "Answer with an error",
            releases.changed(
                "backend/app/health.py",
                "answer = await check.answer()",
                "raise RuntimeError(\"no price list\")"));

    Outcome outcome = production.slipway(ill, "deploy");

    assertThat(outcome.text())
        .contains(
            "no price list",
            "The last words of the health check of backend:",
            "HTTP Error 500",
            "Nothing was swapped: ");
    assertThat(outcome.exitCode()).isEqualTo(3);
    expectGood(images);
    expectLedger("DEPLOY FAILED " + good.commit());
  }

  @Test
  @Order(9)
  void saysThatTheSchemaStaysWhenAReleaseCrashesAfterItsMigration() {
    Map<String, String> images = production.runningImages();
    Candidate half = candidate("Migrate, then crash", all(releases.migration("pass"), crash()));

    Outcome outcome = production.slipway(half, "deploy");

    assertThat(outcome.text())
        .contains(
            "Nothing was swapped: " + brief(good) + " serves as before.",
            "The schema was NOT reverted: it went from "
                + releases.head()
                + " to "
                + ADDED_REVISION);
    assertThat(outcome.text().lines().reduce("", (before, last) -> last))
        .matches(
            "To have the database as it was before, .*: `slipway restore \\S+-"
                + brief(good)
                + "-\\S+\\.dump`");
    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(production.schema()).isEqualTo(ADDED_REVISION);
    assertThat(production.runningImages()).isEqualTo(images);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    expectLatest(good);
    expectLedger("DEPLOY FAILED " + good.commit());
  }

  @Test
  @Order(10)
  void shipsTheMendedReleaseOnTheNewerSchema() {
    Candidate mended = candidate("Migrate", releases.migration("pass"));

    production.succeed(mended, "deploy");

    assertThat(production.servedVersion()).isEqualTo(mended.commit());
    expectLatest(mended);
    expectLedger("DEPLOY SERVING " + mended.commit());
  }

  @Test
  @Order(11)
  void rollsBackToTheLastGoodReleaseNotToAFailedOne() {
    Outcome outcome = production.succeed(good, "rollback");

    assertThat(outcome.text()).contains("Serving " + brief(good));
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    assertThat(production.schema()).isEqualTo(ADDED_REVISION);
    expectLatest(good);
    expectLedger("ROLLBACK SERVING " + good.commit());
  }

  @Test
  @Order(12)
  void neverTouchedTheDatabaseServer() {
    assertThat(production.container("postgres")).isEqualTo(postgres);
    assertThat(production.rows()).isEqualTo("2");
    production.restoreSchema();
  }

  private void expectGood(Map<String, String> images) {
    assertThat(production.runningImages()).isEqualTo(images);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    assertThat(production.schema()).isEqualTo(releases.head());
    assertThat(production.checkedOut()).isEqualTo(good.commit());
    expectLatest(good);
  }

  private void expectLatest(Candidate candidate) {
    for (String service : candidate.images().keySet()) {
      assertThat(production.digest(service, "latest"))
          .isPresent()
          .isEqualTo(production.digest(service, candidate.commit()));
    }
  }

  private void expectLedger(String newest) {
    ledger.add(newest);
    assertThat(production.ledger()).isEqualTo(ledger);
  }

  private static String brief(Candidate candidate) {
    return candidate.commit().substring(0, 12);
  }
}
