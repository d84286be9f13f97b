package dev.slipway.pipeline.rehearsal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.Json;
import dev.slipway.cli.SlipwayCli;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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
        .containsPattern("ok +engine +Engine \\S+ on this machine")
        .containsPattern("ok +git +git version")
        .containsPattern("ok +docker +Engine ")
        .containsPattern("ok +compose ")
        .containsPattern("ok +disk ")
        .containsPattern("ok +clock ")
        .containsPattern("ok +forwarding ")
        .containsPattern("ok +ssh +deploy@")
        .containsPattern("ok +iptables +iptables v")
        .containsPattern("ok +origin +git://")
        .containsPattern("ok +port +\\d+ is the edge's")
        .containsPattern("ok +health +http\\S+ answers 200")
        .containsPattern("ok +backups +room in \\S+ for a database of ")
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
  void doctorSaysWhenThisMachineHasNoEngineAndLooksAtTheServerAllTheSame(@TempDir Path printed) {
    Map<String, String> variables = new HashMap<>(production.variables(good));
    variables.put("DOCKER_HOST", "unix:///nowhere");

    SlipwayRunner.Ended doctor =
        new SlipwayRunner(production.root(), printed).run(good, variables, List.of("doctor"));

    assertThat(doctor.status()).withFailMessage("%s", doctor.text()).isEqualTo(2);
    assertThat(doctor.text())
        .containsPattern("BAD +engine +No Docker Engine answers at unix:///nowhere")
        .contains("Run `bin/setup`")
        .containsPattern("ok +docker +Engine ");
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
      awaitHealthy("backend");
    }
    assertThat(production.succeed(good, "status").text()).doesNotContain("Drift");
  }

  /** As after a release that left a service as it was: compose goes by the tag. */
  @Test
  void takesTheTeamsOwnUpForNoChangeByHand() {
    String compose =
        "docker-compose -p platform-v2 -f docker-compose.prod.yml up -d --no-deps backend";
    String image =
        production
            .onServer("docker inspect -f '{{.Config.Image}}' " + production.container("backend"))
            .strip();
    String byHand = image.substring(0, image.lastIndexOf(':')) + ":by-hand";
    production.onServer(
        "cd /opt/platform-v2 && docker tag " + image + " " + byHand + " && TAG=by-hand " + compose);
    try {
      awaitHealthy("backend");
      assertThat(production.succeed(good, "status").text()).doesNotContain("Drift");
    } finally {
      production.onServer("cd /opt/platform-v2 && " + compose + " && docker image rm " + byHand);
      awaitHealthy("backend");
    }
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
  void unlockEndsWhatTheHolderLeftRunning() {
    String session = "slipway migrates from /opt/platform-v2";
    String sessions =
        "select count(*) from pg_stat_activity where application_name = '" + session + "'";
    production.onServer(
        "cd /opt/platform-v2/.slipway; mkdir -p lock backups; echo half > backups/cut-off.dump.part;"
            + " echo '{\"by\": \"grace@laptop\"}' > lock/owner; chown -R deploy lock backups;"
            + " docker exec -d -e PGAPPNAME='"
            + session
            + "' "
            + production.container("postgres")
            + " psql -U platform -d platform -c 'select pg_advisory_lock("
            + DatabaseCommands.MIGRATION_LOCK
            + "), pg_sleep(600)'");
    Eventually.within(
        Duration.ofSeconds(30),
        () -> production.query(sessions).equals("1"),
        () -> "the session that a dead run left is not there");

    assertThat(production.succeed(good, "unlock", "--force").text()).contains("it was taken away");

    assertThat(production.query(sessions)).isEqualTo("0");
    assertThat(production.onServer("ls /opt/platform-v2/.slipway/backups"))
        .doesNotContain("cut-off");
    assertThat(production.locked()).isFalse();
  }

  @Test
  void leavesAPageAFileForGitlabAndAMessage() throws IOException {
    List<String> received = new ArrayList<>();
    HttpServer chat =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chat.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    chat.start();
    Candidate next =
        production.candidate(
            production.releases().with("Say it", Map.of("backend/app/SAID", "Loud.\n")));
    Map<String, String> variables = production.variables(next);
    variables.put(
        "SLIPWAY_WEBHOOK_URL", "http://127.0.0.1:" + chat.getAddress().getPort() + "/t0k3n");
    try {
      Outcome deploy = production.slipway(next, variables, "deploy");

      assertThat(deploy.exitCode()).withFailMessage("%s", deploy.text()).isZero();
      assertThat(deploy.text())
          .contains("The notification was not sent: the webhook answered with 500.")
          .doesNotContain("t0k3n");
      assertThat(received).hasSize(1);
      assertThat(Json.tree(received.get(0)).path("outcome").asText()).isEqualTo("SUCCESS");
      assertThat(next.output().resolve("deploy.env"))
          .content()
          .contains("SLIPWAY_OUTCOME=SUCCESS\n", "SLIPWAY_COMMIT=" + next.commit() + "\n");
      assertThat(next.output().resolve("deploy.html")).content().contains("swap backend");
    } finally {
      chat.stop(0);
      production.succeed(good, "rollback");
    }
  }

  @Test
  void maintenanceAnswersWith503ButForHealthAndOutlivesARestart() {
    production.succeed(good, "maintenance", "on");
    try {
      given()
          .baseUri(production.rig().address())
          .get("/")
          .then()
          .statusCode(503)
          .header("Retry-After", "120")
          .contentType("text/html")
          .body(containsString("We are working on it"));
      given().baseUri(production.rig().address()).get("/api/customers").then().statusCode(503);
      given()
          .baseUri(production.rig().address())
          .post("/api/customers")
          .then()
          .statusCode(503)
          .header("Retry-After", "120");
      assertThat(production.servedVersion()).isNotEmpty();
      assertThat(production.succeed(good, "status").text()).contains("Maintenance is on");
      assertThat(json(good, 0, "status").path("maintenance").asBoolean()).isTrue();

      production.onServer("docker restart -t 5 " + production.container("nginx"));
      Eventually.within(
          Duration.ofSeconds(30),
          () -> maintained(production.rig().address()),
          () -> "the edge does not answer with 503 after its restart");
      awaitHealthy("nginx");
    } finally {
      production.succeed(good, "maintenance", "off");
    }
    given().baseUri(production.rig().address()).get("/").then().statusCode(200);
    assertThat(json(good, 0, "maintenance", "off").path("maintenance").asBoolean()).isFalse();
  }

  private void awaitHealthy(String service) {
    Eventually.within(
        Duration.ofMinutes(1),
        () ->
            production
                .onServer(
                    "docker inspect --format '{{.State.Health.Status}}' "
                        + production.container(service))
                .equals("healthy"),
        () -> service + " does not become healthy");
  }

  /**
   * A port that nobody listens at yet refuses, or resets, which is told by no runtime exception.
   */
  private static boolean maintained(String address) {
    try {
      return given().baseUri(address).get("/").statusCode() == 503;
    } catch (Exception | AssertionError notYet) {
      return false;
    }
  }

  @Test
  void maintenanceIsRefusedWithTheLinesThatTheEdgeLacks() {
    String edge = production.container("nginx");
    production.onServer(
        "docker exec -u root "
            + edge
            + " sh -c 'cp /etc/nginx/nginx.conf /tmp/kept && sed -i s/slipway-maintenance/other/ /etc/nginx/nginx.conf'");
    try {
      Outcome refused = production.slipway(good, "maintenance", "on");

      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.text())
          .contains("The edge does not look for a maintenance page.")
          .contains("if (-f /tmp/slipway-maintenance.html) { set $maintenance on; }");
    } finally {
      production.onServer(
          "docker exec -u root " + edge + " sh -c 'cat /tmp/kept > /etc/nginx/nginx.conf'");
    }
  }

  @Test
  void logsShowWhatIsYoungEnough() {
    assertThat(production.succeed(good, "logs", "--json", "--lines", "3", "nginx").text())
        .contains("{\"line\":")
        .doesNotContain("Attaching to");
    assertThat(production.succeed(good, "logs", "--since", "2h", "--lines", "500", "nginx").text())
        .contains("GET /");
    assertThat(production.succeed(good, "logs", "--since", "2099-01-01T00:00:00Z", "nginx").text())
        .doesNotContain("GET /");
    assertThat(
            json(good, 0, "logs", "--since", "2h", "--lines", "1", "nginx").path("line").asText())
        .isNotEmpty();
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
        .anyMatch(what -> what.startsWith("swap backend"));

    JsonNode deployed = json(next, 0, "deploy");
    assertThat(deployed.path("outcome").asText()).isEqualTo("SUCCESS");
    assertThat(deployed.path("exitCode").asInt()).isZero();
    assertThat(deployed.path("release").path("commit").asText()).isEqualTo(next.commit());
    JsonNode back = json(next, 0, "rollback");
    assertThat(back.path("release").path("commit").asText()).isEqualTo(good.commit());
  }
}
