package dev.slipway.pipeline.rehearsal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.rehearsal.Fault.Outage;
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
import java.time.Instant;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A deployment on a real server meets a fault while people read and write: one version serves, no
 * row is lost, and the next run heals. {@code -Dfaults.only=REGEX} makes some faults alone.
 */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class FaultsIT {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final int PER_SECOND = 30;
  private static final int LOOKS = 20;
  private static final Duration COMING_UP = Duration.ofMinutes(2);

  /** Between what a held command has done and the moment at which the suite learns of it. */
  private static final Duration BEFORE_IT_IS_KNOWN = Duration.ofSeconds(5);

  private final Production production;
  private final SampleReleases releases;
  private final Aftermath aftermath;
  private final Map<String, String> page;
  private Candidate serving;
  private Candidate other;
  private int made;

  FaultsIT(Production production) throws IOException {
    this.production = production;
    this.releases = production.releases();
    this.aftermath = new Aftermath(production);
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
  void serveTheGoodReleaseAgain() {
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
      Met met = load.during(() -> befall(fault, old, wanted));
      List<Load.Failure> failures = load.failures();
      if (!fault.wanted().isShortLived()) {
        serving = wanted;
        other = old;
      }
      assertThat(failures.stream().filter(each -> !met.away().covers(each.began())))
          .as("requests lost of %d, but for the outage", load.requests())
          .isEmpty();
      assertThat(Integer.parseInt(production.rows()) - before)
          .as("rows of %d answered writes", load.written())
          .isBetween(load.written(), load.written() + failures.size());
      aftermath.expectAllIsWell(met.healed());
      expectRow(fault, met.seen());
    } catch (AssertionError failure) {
      // The suite takes an hour, and its report tells only at the end.
      LOG.error("{} did not heal: {}", fault, failure.getMessage());
      throw failure;
    } finally {
      production.restoreSchema();
    }
  }

  /**
   * What came of a fault.
   *
   * @param healed what serves in the end
   * @param away when requests may have been lost
   */
  private record Met(Seen seen, Candidate healed, Away away) {}

  /** A time in which the platform was away; none, if it ends before it begins. */
  private record Away(Instant from, Instant until) {

    boolean covers(Instant moment) {
      return !moment.isBefore(from) && moment.isBefore(until);
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
      case SENT -> candidate("Sent", Map.of("slipway.yml", "images: {transfer: ssh}\n"));
      case KEEPING_ONE -> candidate("Keep one", Map.of("slipway.yml", "images: {keep: 1}\n"));
      case MIGRATING ->
          candidate("Migrate", releases.migration("op.execute(\"SELECT pg_sleep(10)\")"));
      case STARVED -> otherCompose("Starve", "    stop_grace_period: 30s\n", "mem_limit: 16m");
      case OTHER_EDGE ->
          otherCompose("Edge", "      - \"${HTTP_PORT:-80}:8080\"\n", "stop_grace_period: 7s");
      case OTHER_REDIS ->
          otherCompose(
              "Redis",
              "    command: [\"redis-server\", \"--appendonly\", \"yes\"]\n",
              "stop_grace_period: 7s");
    };
  }

  /** One whose compose file has a line more behind another one. */
  private Candidate otherCompose(String title, String line, String more) {
    return candidate(
        title, releases.changed("docker-compose.prod.yml", line, line + "    " + more + "\n"));
  }

  private Met befall(Fault fault, Candidate old, Candidate wanted) {
    Instant began = Instant.now();
    Instant[] struck = {began};
    Outcome outcome = meet(fault, wanted, () -> struck[0] = Instant.now());
    String serves = serves(fault, old, wanted);
    Instant answered = Instant.now();
    boolean locked = production.locked();
    if (locked) {
      production.expireLock();
    }
    Candidate healing = fault.wanted() == Wanted.STARVED ? old : wanted;
    Outcome next = production.succeed(healing, "deploy");
    assertThat(serves(fault, old, wanted)).isEqualTo(healing.equals(old) ? "old" : "new");
    Seen seen =
        new Seen(
            outcome.exitCode(),
            serves,
            fault.outage().toString(),
            "all",
            locked ? "taken over" : "free",
            FaultTable.steps(next.text()));
    Away away =
        switch (fault.outage()) {
          case NONE -> new Away(Instant.MAX, Instant.MIN);
          case UNTIL_IT_ANSWERS -> new Away(struck[0].minus(BEFORE_IT_IS_KNOWN), answered);
          case IN_THE_NEXT_RUN -> new Away(answered, Instant.now());
          case AND_IN_THE_NEXT_RUN -> new Away(struck[0].minus(BEFORE_IT_IS_KNOWN), Instant.now());
          case OF_THE_EDGE -> new Away(struck[0].minus(BEFORE_IT_IS_KNOWN), Instant.now());
          case UNTIL_THE_NEXT_RUN -> new Away(began, Instant.now());
        };
    return new Met(seen, healing, away);
  }

  /** The run that meets the fault, to its end; what was broken for it is whole again. */
  private Outcome meet(Fault fault, Candidate wanted, Runnable striking) {
    try (Pauses pauses = new Pauses(production)) {
      Map<String, String> variables = production.variables(wanted);
      Scene before = new Scene(production, pauses, variables, wanted, Optional.empty());
      fault.before().on(before);
      fault.at().ifPresent(pauses::arm);
      try (SlipwayProcess process = SlipwayProcess.start(production, wanted, variables, "deploy")) {
        fault
            .at()
            .ifPresent(
                at -> {
                  pauses.await(at, process::isAlive, process::text);
                  striking.run();
                  fault
                      .strike()
                      .on(new Scene(production, pauses, variables, wanted, Optional.of(process)));
                });
        Outcome outcome = process.awaitEnd();
        LOG.info("{} ended the run with {}:\n{}", fault, outcome.exitCode(), outcome.text());
        pauses.abandon();
        awaitCompose();
        return outcome;
      } finally {
        fault.repair().on(before);
      }
    }
  }

  /** What a dead run began goes on without it. */
  private void awaitCompose() {
    Eventually.within(
        COMING_UP,
        () -> production.rig().onServer("pgrep", "-f", "compose.* up ").standardOutput().isEmpty(),
        () -> "compose goes on");
  }

  /** Which of the two answers, and well; a server that comes up needs a while for that. */
  private String serves(Fault fault, Candidate old, Candidate wanted) {
    if (fault.outage() == Outage.UNTIL_IT_ANSWERS || fault.outage() == Outage.AND_IN_THE_NEXT_RUN) {
      Eventually.within(
          COMING_UP, () -> health().statusCode() == 200, () -> "the platform stays away");
    }
    if (fault.outage() == Outage.OF_THE_EDGE && edgeIsAway()) {
      return "nobody";
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

  private boolean edgeIsAway() {
    return production.rig().container("nginx").isEmpty();
  }

  private Response health() {
    return given().baseUri(production.rig().address()).get("/health");
  }

  /** With {@code -Dfaults.write=true} the page has what was seen, else it must be what it has. */
  private void expectRow(Fault fault, Seen seen) throws IOException {
    String row = FaultTable.row(fault.name(), fault.moment(), seen);
    if (!Boolean.getBoolean("faults.write")) {
      assertThat(row).isEqualTo(page.get(FaultTable.key(fault)));
      return;
    }
    page.put(FaultTable.key(fault), row);
    Files.writeString(
        pageFile(),
        FaultTable.page(
            Faults.all().stream()
                .map(FaultTable::key)
                .filter(page::containsKey)
                .map(page::get)
                .toList()));
  }
}
