package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.cli.SlipwayCli;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the commands that look say of a real server, to people and, as JSON, to programs. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class VerbsIT {

  private final Production production;
  private final Candidate good;

  VerbsIT(Production production) {
    this.production = production;
    this.good = production.good();
  }

  @BeforeAll
  void serveTheGoodReleaseOnly() {
    production.empty();
    production.serveGood();
  }

  /** The one JSON value on the standard output; text for people goes beside it. */
  private JsonNode json(Candidate candidate, int status, String... words) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream beside = new ByteArrayOutputStream();
    String[] arguments =
        Stream.concat(
                Stream.of(words),
                Stream.of("--json", "--platform", candidate.directory().toString()))
            .toArray(String[]::new);
    int ended =
        SlipwayCli.run(production.variables(candidate), print(output), print(beside), arguments);

    assertThat(ended).withFailMessage("%s%s", output, beside).isEqualTo(status);
    return Json.tree(output.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void doctorFindsNothingOnAServerThatIsReady() {
    Outcome doctor = production.succeed(good, "doctor");

    assertThat(doctor.text())
        .containsPattern("ok +git +git version")
        .containsPattern("ok +docker +Engine ")
        .containsPattern("ok +compose ")
        .containsPattern("ok +disk ")
        .containsPattern("ok +clock ")
        .doesNotContain("BAD");
    assertThat(json(good, 0, "doctor"))
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.path("name").asText()).isNotEmpty();
              assertThat(line.path("found").asText()).isNotEmpty();
              assertThat(line.path("fix").isNull()).isTrue();
            });
  }

  @Test
  void doctorNamesWhatIsMissingAndItsFix() {
    String environment = "/opt/platform-v2/.env";
    production.onServer("sed -i 's/^SECRET_KEY=/SECRET_KEY_AWAY=/' " + environment);
    try {
      Outcome doctor = production.slipway(good, "doctor");

      assertThat(doctor.exitCode()).withFailMessage("%s", doctor.text()).isEqualTo(2);
      assertThat(doctor.text())
          .containsPattern("BAD +\\S+ .*SECRET_KEY")
          .contains("Add these keys");
      assertThat(json(good, 2, "doctor"))
          .filteredOn(line -> !line.path("fix").isNull())
          .singleElement()
          .satisfies(line -> assertThat(line.path("found").asText()).contains("SECRET_KEY"));
    } finally {
      production.onServer("sed -i 's/^SECRET_KEY_AWAY=/SECRET_KEY=/' " + environment);
    }
  }

  @Test
  void statusSaysWhatServesAndWhatEachContainerDoes() {
    Outcome status = production.succeed(good, "status");

    assertThat(status.text())
        .containsPattern("Serving " + good.commit().substring(0, 12) + " since \\S+, by tester@")
        .contains("Schema " + production.releases().head())
        .containsPattern("backend +healthy ")
        .doesNotContain("Locked by");
    JsonNode json = json(good, 0, "status");
    assertThat(json.path("serving").path("release").path("commit").asText())
        .isEqualTo(good.commit());
    assertThat(json.path("schemaRevision").asText()).isEqualTo(production.releases().head());
    assertThat(json.path("containers").path("backend").path("health").asText())
        .isEqualTo("healthy");
    assertThat(json.path("lock").isNull()).isTrue();
  }

  @Test
  void statusTellsWhatWasChangedByHand() {
    String compose =
        "cd /opt/platform-v2 && docker-compose -p platform-v2 -f docker-compose.prod.yml ";
    production.onServer(
        "cd /opt/platform-v2 && cp -p .env .env.kept && echo CORS_ORIGINS=https://by.hand >> .env && "
            + compose
            + "up -d --no-deps backend && sed -i 's/^TAG=.*/TAG=latest/' .env && docker stop -t 1 "
            + production.container("redis"));
    try {
      Outcome status = production.slipway(good, "status");

      assertThat(status.exitCode()).withFailMessage("%s", status.text()).isEqualTo(9);
      assertThat(status.text())
          .contains("Drift from the ledger:")
          .contains(
              "backend was changed by hand: its container was made with another configuration")
          .contains("redis is exited, although it ran after the last deployment")
          .contains("TAG in .env was changed by hand: it is latest");
      assertThat(json(good, 9, "status").path("drift")).hasSize(3);
    } finally {
      production.onServer(
          "cd /opt/platform-v2 && mv .env.kept .env && "
              + compose
              + "up -d --no-deps backend redis");
    }
    assertThat(production.succeed(good, "status").text()).doesNotContain("Drift");
  }

  @Test
  void statusSaysWhoHoldsTheLock() {
    production.onServer(
        "mkdir /opt/platform-v2/.slipway/lock; echo '"
            + Json.line(
                Map.of("by", "grace@laptop", "commit", "4f2a91c", "since", "2026-01-01T10:00:00Z"))
            + "' > /opt/platform-v2/.slipway/lock/owner; chown -R deploy /opt/platform-v2/.slipway/lock");
    try {
      assertThat(production.succeed(good, "status").text())
          .contains("Locked by grace@laptop since 2026-01-01T10:00:00Z");
      assertThat(json(good, 0, "status").path("lock").path("by").asText())
          .isEqualTo("grace@laptop");
    } finally {
      production.succeed(good, "unlock", "--force");
    }
  }

  @Test
  void historyListsDeploymentsNewestFirst() {
    Outcome history = production.succeed(good, "history");

    assertThat(history.text())
        .containsPattern(
            "\\S+Z  DEPLOY   SERVING     " + good.commit().substring(0, 12) + "  \\d+s  tester@");
    JsonNode newest = json(good, 0, "history", "--lines", "1");
    assertThat(newest).hasSize(1);
    assertThat(newest.path(0).path("outcome").asText()).isEqualTo("SERVING");
    assertThat(newest.path(0).path("release").path("commit").asText()).isEqualTo(good.commit());
  }

  @Test
  void planAndDeployTellProgramsWhatTheyTellPeople() {
    Candidate next =
        production.candidate(
            production
                .releases()
                .with("Say it in JSON", Map.of("backend/app/NOTES", "For programs.\n")));
    JsonNode plan = json(next, 0, "plan");
    assertThat(plan.path("release").path("commit").asText()).isEqualTo(next.commit());
    assertThat(plan.path("pushes")).isNotEmpty();
    assertThat(StreamSupport.stream(plan.path("steps").spliterator(), false))
        .isNotEmpty()
        .allSatisfy(step -> assertThat(step.path("cause").asText()).isNotEmpty())
        .extracting(step -> step.path("what").asText())
        .anyMatch(what -> what.startsWith("update backend"));

    JsonNode deployed = json(next, 0, "deploy");
    assertThat(deployed.path("outcome").asText()).isEqualTo("SUCCESS");
    assertThat(deployed.path("exitCode").asInt()).isZero();
    assertThat(deployed.path("release").path("commit").asText()).isEqualTo(next.commit());
    JsonNode back = json(next, 0, "rollback");
    assertThat(back.path("release").path("commit").asText()).isEqualTo(good.commit());
  }
}
