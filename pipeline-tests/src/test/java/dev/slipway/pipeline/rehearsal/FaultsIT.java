package dev.slipway.pipeline.rehearsal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.rehearsal.Fault.Scene;
import dev.slipway.pipeline.rehearsal.Fault.Wanted;
import dev.slipway.pipeline.rehearsal.FaultTable.Seen;
import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A deployment on a real server meets a fault while people read and write: one version serves, no
 * row is lost, and the next run heals. {@code -Dfaults.only=REGEX} makes some faults alone.
 */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class FaultsIT {

  private static final int PER_SECOND = 30;
  private static final int LOOKS = 20;
  private static final Duration COMING_UP = Duration.ofMinutes(2);

  private final Production production;
  private final SampleReleases releases;
  private final Map<String, String> page;
  private final List<String> rows = new ArrayList<>();
  private Candidate serving;
  private Candidate other;
  private int made;

  FaultsIT(Production production) throws IOException {
    this.production = production;
    this.releases = production.releases();
    this.serving = candidate("One", Map.of());
    this.other = candidate("Other", Map.of());
    this.page = FaultTable.rows(Files.readString(pageFile()));
  }

  private Path pageFile() {
    return production.root().resolve("docs/faults.md");
  }

  private Candidate candidate(String title, Map<String, String> files) {
    made++;
    Map<String, String> all = new HashMap<>(files);
    all.put("backend/app/NOTES", title + " " + made + "\n");
    return production.candidate(releases.with(title + " " + made, all));
  }

  @BeforeAll
  void serveTwoReleasesInTurn() {
    production.serveGood();
    production.succeed(other, "deploy");
    production.succeed(serving, "deploy");
  }

  @AfterAll
  void writeThePage() throws IOException {
    Path file =
        Boolean.getBoolean("faults.write")
            ? pageFile()
            : production.root().resolve("target/slipway/faults.md");
    Files.writeString(file, FaultTable.page(rows));
    production.succeed(production.good(), "rollback", "--to", production.good().commit());
  }

  static Stream<Fault> faults() {
    String only = System.getProperty("faults.only", "");
    return Faults.all().stream()
        .filter(fault -> only.isEmpty() || fault.toString().matches(".*(" + only + ").*"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void healsByTheNextRun(Fault fault) throws IOException {
    Candidate old = prepare(fault.wanted());
    Candidate wanted = wanted(fault.wanted());
    int before = Integer.parseInt(production.rows());
    try (Load load = Load.onSamplePlatform(production.rig().address(), PER_SECOND)) {
      Seen seen = load.during(() -> befall(fault, old, wanted));
      List<String> failures = load.failures();
      if (!fault.wanted().isShortLived()) {
        serving = wanted;
        other = old;
      }
      expectAllIsWell(fault);
      if (!fault.takesThePlatformAway()) {
        assertThat(failures).as("requests lost of %d", load.requests()).isEmpty();
      }
      assertThat(Integer.parseInt(production.rows()) - before)
          .as("rows of %d answered writes", load.written())
          .isBetween(load.written(), load.written() + failures.size());
      expectRow(FaultTable.row(fault.name(), fault.moment(), seen));
    } finally {
      production.restoreSchema();
    }
  }

  private Candidate prepare(Wanted wanted) {
    if (production.locked()) {
      production.succeed(serving, "unlock", "--force");
    }
    if (wanted == Wanted.AFTER_ONE_THAT_STOPS_SLOWLY) {
      other = serving;
      serving =
          candidate(
              "Stop slowly",
              releases.changed(
                  "backend/app/main.py",
                  "    yield\n",
                  "    yield\n    __import__(\"time\").sleep(15)\n"));
    }
    production.succeed(serving, "deploy");
    return serving;
  }

  private Candidate wanted(Wanted wanted) {
    return switch (wanted) {
      case KNOWN, AFTER_ONE_THAT_STOPS_SLOWLY -> other;
      case FRESH -> candidate("Fresh", Map.of());
      case MIGRATING ->
          candidate("Migrate", releases.migration("op.execute(\"SELECT pg_sleep(10)\")"));
      case STARVED ->
          candidate(
              "Starve",
              releases.changed(
                  "docker-compose.prod.yml",
                  "    stop_grace_period: 30s\n",
                  "    stop_grace_period: 30s\n    mem_limit: 16m\n"));
    };
  }

  private Seen befall(Fault fault, Candidate old, Candidate wanted) {
    Outcome outcome = meet(fault, wanted);
    String serves = serves(fault, old, wanted);
    boolean locked = production.locked();
    if (locked) {
      production.onServer("touch -d '-91 seconds' /opt/platform-v2/.slipway/lock/owner");
    }
    Candidate healing = fault.wanted() == Wanted.STARVED ? old : wanted;
    Outcome next = production.succeed(healing, "deploy");
    assertThat(serves(fault, old, wanted)).isEqualTo(healing.equals(old) ? "old" : "new");
    return new Seen(
        outcome.exitCode(),
        serves,
        fault.takesThePlatformAway() ? "may be" : "none",
        locked ? "taken over" : "given back",
        FaultTable.steps(next.text()));
  }

  /** The run that meets the fault, to its end; what was broken for it is whole again. */
  private Outcome meet(Fault fault, Candidate wanted) {
    try (Pauses pauses = new Pauses(production)) {
      Map<String, String> variables = production.variables(wanted);
      Scene before = new Scene(production, pauses, variables, Optional.empty());
      if (fault.at().isEmpty()) {
        fault.strike().on(before);
      }
      fault.at().ifPresent(pauses::arm);
      try (SlipwayProcess process = SlipwayProcess.start(production, wanted, variables, "deploy")) {
        fault
            .at()
            .ifPresent(
                at -> {
                  pauses.await(at, process::isAlive, process::text);
                  fault.strike().on(new Scene(production, pauses, variables, Optional.of(process)));
                });
        Outcome outcome = process.awaitEnd();
        pauses.abandon();
        return outcome;
      } finally {
        fault.repair().on(before);
      }
    }
  }

  /** Which of the two answers, and well; a server that comes up needs a while for that. */
  private String serves(Fault fault, Candidate old, Candidate wanted) {
    if (fault.takesThePlatformAway()) {
      Eventually.within(
          COMING_UP, () -> health().statusCode() == 200, () -> "the platform stays away");
    }
    Set<String> seen = new TreeSet<>();
    for (int look = 0; look < LOOKS; look++) {
      Response answer = health();
      assertThat(answer.statusCode()).isEqualTo(200);
      String version = answer.jsonPath().getString("version");
      assertThat(version).isIn(Production.version(old), Production.version(wanted));
      seen.add(version.equals(Production.version(old)) ? "old" : "new");
    }
    return String.join(" and ", seen);
  }

  private Response health() {
    return given().baseUri(production.rig().address()).get("/health");
  }

  private void expectAllIsWell(Fault fault) {
    assertThat(production.locked()).isFalse();
    assertThat(
            production
                .onServer(
                    "docker ps --all --format '{{.Label \"com.docker.compose.service\"}} {{.State}}' | sort")
                .lines())
        .as("containers after " + fault)
        .containsExactly(
            "backend running",
            "frontend running",
            "nginx running",
            "postgres running",
            "redis running");
    assertThat(
            production.onServer(
                "nsenter -t $(docker inspect -f '{{.State.Pid}}' "
                    + production.container("nginx")
                    + ") -n iptables -S"))
        .doesNotContain("SLIPWAY");
    assertThat(
            production.onServer("docker inspect -f '{{.Name}}' " + production.container("backend")))
        .matches("/platform-v2[-_]backend[-_]1");
    assertThat(production.onServer("ls -A /opt/platform-v2/.slipway").lines())
        .doesNotContain("lock", "swap", "login");
    assertThat(production.onServer("ls /opt/platform-v2/.env*")).isEqualTo("/opt/platform-v2/.env");
  }

  private void expectRow(String row) {
    rows.add(row);
    if (!Boolean.getBoolean("faults.write")) {
      assertThat(row).isEqualTo(page.get(FaultTable.key(row)));
    }
  }
}
