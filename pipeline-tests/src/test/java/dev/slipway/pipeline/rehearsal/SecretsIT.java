package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.SampleReleases.all;
import static dev.slipway.pipeline.rehearsal.SampleReleases.budget;
import static dev.slipway.pipeline.rehearsal.SampleReleases.crash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** No secret is left or shown anywhere by a deployment from push to gate. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class SecretsIT {

  private static final String PLANTED = "planted-so-that-it-must-be-found";
  private static final String OUTPUT = "what slipway printed";
  private static final String FILES = "slipway's files";
  private static final String IMAGES = "the images' history and configuration";
  private static final String PROCESSES_HERE = "processes on this machine";
  private static final String PROCESSES_THERE = "processes on the server";
  private static final String FILES_THERE = "docker's and slipway's files on the server";

  private final Production production;
  private final Queue<String> commandLines = new ConcurrentLinkedQueue<>();

  SecretsIT(Production production) {
    this.production = production;
  }

  @BeforeAll
  void serveTheGoodRelease() {
    production.serveGood();
  }

  @Test
  void appearNowhereFromPushToGate() {
    Candidate next =
        production.judged(
            production.candidate(
                production
                    .releases()
                    .with("Keep the secrets", Map.of("backend/app/NOTES", "Nothing here.\n"))),
            UnaryOperator.identity());
    Map<String, String> variables = production.variables(next);
    variables.put("PROD_SSH_KEY", read(Path.of(production.variable("PROD_SSH_KEY"))));

    Map<String, String> places = deployAndLookEverywhere(next, variables);

    secrets()
        .forEach(
            (name, secret) ->
                assertThat(found(places, secret))
                    .withFailMessage("%s is found in %s", name, found(places, secret))
                    .isEmpty());
    assertThat(found(places, PLANTED)).contains(PROCESSES_HERE, PROCESSES_THERE, FILES_THERE);
    assertThat(found(places, next.commit())).contains(FILES, IMAGES, PROCESSES_THERE);
    assertThat(found(places, next.commit().substring(0, 12))).contains(OUTPUT);
    production.succeed(production.good(), "rollback");
  }

  @Test
  void appearInNoLineWhenAServiceThatCrashesPrintsThem() {
    Candidate telling =
        production.candidate(
            production
                .releases()
                .with("Tell the address of the database", all(budget(40), crash())));

    Outcome outcome = production.slipway(telling, "deploy");

    assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isEqualTo(4);
    assertThat(outcome.text()).contains("postgresql+psycopg://platform:[secret]@");
    secrets().forEach((name, secret) -> assertThat(outcome.text()).doesNotContain(secret));
  }

  private Map<String, String> deployAndLookEverywhere(
      Candidate candidate, Map<String, String> variables) {
    ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    ScheduledFuture<?> sampling =
        sampler.scheduleWithFixedDelay(this::sample, 0, 100, TimeUnit.MILLISECONDS);
    production.onServer(
        "mkdir -p /home/deploy/.docker && echo "
            + PLANTED
            + " > /home/deploy/.docker/planted; touch /run/sampling;"
            + " setsid sh -c 'while [ -e /run/sampling ]; do ps -eww -o args; sleep 0.05; done'"
            + " > /run/samples 2>&1 < /dev/null & sleep 0.5; sh -c 'sleep 1; true' "
            + PLANTED);
    try {
      Outcome outcome = production.slipway(candidate, variables, "deploy");
      assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isZero();
      Map<String, String> places = new LinkedHashMap<>();
      places.put(OUTPUT, outcome.text());
      places.put(FILES, textOf(candidate.output()));
      places.put(IMAGES, images(candidate));
      places.put(PROCESSES_HERE, String.join("\n", commandLines));
      places.put(PROCESSES_THERE, production.onServer("cat /run/samples"));
      // While runc starts a health check, a file of its own has the container's variables.
      places.put(
          FILES_THERE,
          production.onServer(
              "find /home/deploy /root /opt/platform-v2/.slipway /tmp /dev/shm -type f ! -name 'runc-process*' -exec cat {} + 2>/dev/null"));
      return places;
    } finally {
      sampling.cancel(true);
      sampler.shutdown();
      production.onServer("rm -rf /run/sampling /run/samples /home/deploy/.docker");
    }
  }

  private void sample() {
    ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> !commandLines.contains(line))
        .forEach(commandLines::add);
  }

  private String images(Candidate candidate) {
    return candidate.images().values().stream()
        .map(
            image ->
                production
                        .rig()
                        .docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image.id())
                        .standardOutput()
                    + production.rig().docker("inspect", image.id()).standardOutput())
        .collect(Collectors.joining("\n"));
  }

  private Map<String, String> secrets() {
    Map<String, String> secrets = new LinkedHashMap<>();
    secrets.put("REGISTRY_PASSWORD", production.variable("REGISTRY_PASSWORD"));
    List<String> key = read(Path.of(production.variable("PROD_SSH_KEY"))).lines().toList();
    secrets.put("PROD_SSH_KEY", key.get(key.size() / 2));
    for (String name : List.of("POSTGRES_PASSWORD", "SECRET_KEY")) {
      secrets.put(name, production.onServer("sed -n 's/^" + name + "=//p' /opt/platform-v2/.env"));
    }
    secrets.forEach((name, secret) -> assertThat(secret).describedAs(name).hasSizeGreaterThan(10));
    return secrets;
  }

  private static List<String> found(Map<String, String> places, String text) {
    return places.entrySet().stream()
        .filter(place -> place.getValue().contains(text))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String textOf(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(SecretsIT::read)
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
