package dev.slipway.pipeline.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Folders;
import dev.slipway.pipeline.secrets.Canary;
import dev.slipway.pipeline.secrets.CanarySearch;
import dev.slipway.pipeline.secrets.CanarySearch.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No secret is left or shown anywhere: one is planted in each variable, key, password and line of
 * {@code .env}, every command is run, and everything that was printed, written, sent or started is
 * searched. One more is planted to be found in each of those places.
 */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class SecretsIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();

  /**
   * Where a secret has to be.
   *
   * @param place how the places begin
   * @param secrets which ones
   * @param reason why
   */
  private record Home(String place, List<String> secrets, String reason) {

    boolean of(Finding finding) {
      return finding.place().startsWith(place) && secrets.contains(finding.canary());
    }
  }

  private static final String FILES = "files on the server:./";

  private static final List<Home> HOMES =
      List.of(
          new Home(
              FILES + "opt/platform-v2/.env",
              PlantedSecrets.ON_SERVER,
              "the platform's own settings, which only the deploying user may read"),
          new Home(
              FILES + "opt/platform-v2/backend.env",
              List.of(PlantedSecrets.IN_ANOTHER_FILE),
              "what the compose file names as another env_file"),
          new Home(
              FILES + "var/lib/docker/containers/",
              PlantedSecrets.ON_SERVER,
              "the engine keeps the environment of each container, for root alone"),
          new Home(
              FILES + "var/lib/docker/containerd/",
              PlantedSecrets.ON_SERVER,
              "so does the runtime"),
          new Home(
              FILES + "run/docker/containerd/",
              PlantedSecrets.ON_SERVER,
              "so does the runtime while the container runs"),
          new Home(
              FILES + "var/lib/docker/containers/",
              List.of("health token"),
              "what the edge prints: it logs the address that it was asked for"),
          new Home(
              "environments on the server",
              PlantedSecrets.ON_SERVER,
              "the environment of the platform's containers, as the engine tells it"));

  /** One that is there only if the engine starts a health check at that moment. */
  private static final Home STARTING =
      new Home(
          FILES + "tmp/runc-process",
          PlantedSecrets.ON_SERVER,
          "the runtime hands the container's environment on to a health check");

  /** Told in public to be found everywhere: a job's address is no secret. */
  private static final String PLANTED = "planted";

  private final Production production =
      new Production(ROOT, ROOT.resolve("target/slipway/scratch/secrets"), Server.usual());
  private final Path printed = production.file("printed");
  private final FileTime since = FileTime.from(Instant.now());
  private final Canary planted = Canary.in(PLANTED, "https://ci.example/jobs/%s");
  private final PlantedByHand byHand;
  private final SecretRuns runs;
  private final Map<String, Set<Finding>> found = new TreeMap<>();

  SecretsIT() throws IOException {
    Folders.create(printed);
    Folders.create(production.file("home"));
    byHand = new PlantedByHand(production, planted.cores().get(0));
    runs = new SecretRuns(production, printed, planted);
  }

  @BeforeAll
  void runEverythingAndSearch() {
    runs.prepareServer();
    try (ServerWatch watch = new ServerWatch(production);
        ProcessSamples samples = new ProcessSamples()) {
      byHand.before();
      runs.all(byHand::served);
      watch.end();
      search(watch, samples);
    }
  }

  private void search(ServerWatch watch, ProcessSamples samples) {
    List<Canary> canaries = new ArrayList<>(runs.secrets().all());
    canaries.add(planted);
    CanarySearch search = new CanarySearch(canaries);
    List<String> images = new ArrayList<>(List.of(PlantedByHand.IMAGE));
    runs.candidates()
        .forEach(candidate -> candidate.images().values().forEach(each -> images.add(each.id())));
    found.put("what was printed", search.in("what was printed", printed));
    found.put("messages", search.in("messages", runs.messages()));
    found.put("processes here", search.in("processes here", samples.text()));
    new SecretPlaces(production, watch, runs.candidates(), images, since)
        .all()
        .forEach((place, how) -> found.put(place, how.apply(search)));
  }

  @AfterAll
  void giveTheServerBack() throws IOException {
    runs.close();
    byHand.close();
    production.close();
  }

  @Test
  void areFoundNowhereButWhereTheyBelong() {
    Set<Finding> strays = new TreeSet<>();
    found.values().forEach(strays::addAll);
    strays.removeIf(finding -> finding.canary().equals(PLANTED) || isAtHome(finding));

    assertThat(strays).isEmpty();
  }

  private static boolean isAtHome(Finding finding) {
    return STARTING.of(finding) || HOMES.stream().anyMatch(home -> home.of(finding));
  }

  @Test
  void areFoundInEachOfTheirHomes() {
    for (Home home : HOMES) {
      assertThat(found.values().stream().flatMap(Set::stream)).as("%s", home).anyMatch(home::of);
    }
  }

  @Test
  void wouldBeFoundInEachPlaceIfTheyWereThere() {
    assertThat(found)
        .hasSizeGreaterThan(15)
        .allSatisfy(
            (place, findings) ->
                assertThat(findings)
                    .as(place)
                    .anyMatch(finding -> finding.canary().equals(PLANTED)));
  }

  @Test
  void areTakenOutOfWhatServicesMigrationsAndHooksPrint() {
    for (String name : PlantedSecrets.ON_SERVER) {
      String line =
          name.equals("ERRORS_DSN") || name.endsWith("URL") || name.startsWith("CHAT")
              ? "\\S*\\[secret]"
              : "\\[secret]";
      assertThat(runs.crash()).containsPattern("(?m)^ *" + name + " " + line);
      assertThat(runs.hooks()).containsPattern("(?m)^ *" + name + " " + line);
      assertThat(runs.hooks()).containsPattern("(?m)^ *" + name + "='?" + line);
    }
    for (String name : List.of("REGISTRY_PASSWORD", "CI_JOB_TOKEN", "PROD_SSH_KEY_PASSPHRASE")) {
      assertThat(runs.hooks()).containsPattern("(?m)^ *" + name + "=\\[secret]");
    }
    assertThat(runs.hooks()).containsPattern("(?m)^ *PROD_SSH_KEY=\\[secret]");
    assertThat(runs.hooks()).containsPattern("(?m)^ *In a file:\\s+\\[secret]");
  }
}
