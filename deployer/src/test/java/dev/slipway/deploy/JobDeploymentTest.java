package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import dev.slipway.deploy.PretendServer.Container;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The story of a deployment with a job that runs in the backend's image before that, and a worker.
 */
class JobDeploymentTest extends DeploymentBench {

  private static final String COMPOSE =
      """
      services:
        postgres: {image: "postgres:15"}
        redis: {image: "redis:15"}
        prestart: {image: "${REGISTRY:?}/backend:${TAG:?}", command: "prestart.sh"}
        backend: {image: "${REGISTRY:?}/backend:${TAG:?}", depends_on: {prestart: {condition: service_completed_successfully}}}
        worker: {image: "${REGISTRY:?}/backend:${TAG:?}", command: "celery", depends_on: [backend]}
        frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
        nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"], depends_on: [backend]}
      """;

  JobDeploymentTest() {
    super(COMPOSE);
  }

  @BeforeEach
  void aJobAndAWorker() {
    server.jobs.add("prestart");
    server.sharing.putAll(Map.of("prestart", "backend", "worker", "backend"));
    firstServes();
  }

  /** The old code's migrations do not know what has come since. */
  private void failsOnTheNewSchema() {
    server.exitStatuses.put("sha256:backend1", 255);
  }

  @Test
  void goesBackWithoutTheJobOfTheReleaseBeforeWhenTheGateStaysShut() {
    server.troubles.add(
        command -> {
          if (server.refused.contains("172.18.0.9 ")) {
            failsOnTheNewSchema();
            server.versions.put("sha256:backend2", "another");
          }
          return Optional.empty();
        });

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.ran).filteredOn(command -> command.contains(" prestart")).hasSize(1);
  }

  @Test
  void rollsBackOnRequestWithoutTheJobOfTheReleaseBefore() {
    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.SUCCESS);
    failsOnTheNewSchema();

    assertThat(deployment(Optional.empty()).run(Action.ROLLBACK, first))
        .isEqualTo(ExitCode.SUCCESS);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  @Test
  void keepsTheOldVersionWhenTheJobFailsThoughNothingElseChanged() {
    server.composeFiles.put(SECOND, COMPOSE.replace("prestart.sh", "other.sh"));
    server.exitStatuses.put("sha256:backend1", 3);
    ReleaseManifest sameImages = release(SECOND, "1", "rev1");

    assertThat(deploy(sameImages)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(lines).anyMatch(line -> line.contains("Service prestart ended with exit status 3."));
  }

  @Test
  void waitsForAJobThatAKilledRunHasLeftRunning() {
    Container job = Objects.requireNonNull(server.containers.get("prestart"));
    server.containers.put("prestart", new Container(job.image(), job.imageId(), "running"));
    server.jobs.clear();
    Instant end = clock.instant().plus(Duration.ofMinutes(5));
    server.troubles.add(
        command -> {
          if (clock.instant().isAfter(end)) {
            server.containers.put("prestart", job);
          }
          return Optional.empty();
        });

    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);

    assertThat(clock.instant()).isAfter(end);
    assertThat(lines).anyMatch(line -> line.contains("start prestart"));
  }

  @Test
  void bringsACrashingWorkerNothingOfAReleaseThatIsIll() {
    Container worker = Objects.requireNonNull(server.containers.get("worker"));
    server.containers.put("worker", new Container(worker.image(), worker.imageId(), "restarting"));
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.containers.get("worker"))
        .extracting(Container::imageId)
        .isEqualTo("sha256:backend1");
    assertThat(lines).contains("Nothing was swapped: aaaaaaaaaaaa serves as before.");
  }

  private Container container(String service) {
    return Objects.requireNonNull(server.containers.get(service));
  }

  private void crashes(String service) {
    server.containers.computeIfPresent(
        service, (name, old) -> new Container(old.image(), old.imageId(), "restarting"));
  }

  private void crashesWhile(String service, BooleanSupplier ill) {
    server.troubles.add(
        command -> {
          if (ill.getAsBoolean()) {
            crashes(service);
          }
          return Optional.empty();
        });
  }

  private boolean isAtTheGate() {
    return lines.stream().anyMatch(line -> line.contains("] wait until the edge"));
  }

  @Test
  void goesBackWhenTheWorkerOfTheNewReleaseCrashesASecondAfterItsStart() {
    Instant[] start = {Instant.MAX};
    crashesWhile(
        "worker",
        () -> {
          boolean isNew = container("worker").imageId().equals("sha256:backend2");
          if (isNew && start[0].equals(Instant.MAX)) {
            start[0] = clock.instant();
          }
          return isNew && clock.instant().isAfter(start[0].plusSeconds(1));
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(container("worker")).extracting(Container::imageId).isEqualTo("sha256:backend1");
    assertThat(container("worker")).extracting(Container::state).isEqualTo("running");
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(lines)
        .contains("FAILED: Service worker was not well within 180 s.", "The last lines of worker:");
  }

  @Test
  void goesBackWhenTheWorkerOfTheNewReleaseIsIllByTheTimeOfTheGate() {
    crashesWhile(
        "worker", () -> container("worker").imageId().equals("sha256:backend2") && isAtTheGate());

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(container("worker")).extracting(Container::imageId).isEqualTo("sha256:backend1");
    assertThat(lines)
        .contains(
            "      not yet: service worker is restarting",
            "FAILED: The health gate stayed shut for 10 s, asked on the server itself: service worker is restarting.");
  }

  @Test
  void goesBackWhenRedisCrashesAsTheNewReleaseDescribesIt() {
    server.composeFiles.put(
        SECOND, COMPOSE.replace("\"redis:15\"", "\"redis:15\", command: \"--nonsense\""));
    crashesWhile(
        "redis",
        () ->
            server.head.equals(SECOND)
                && server.ran.stream().anyMatch(command -> command.endsWith(" redis worker")));

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(container("redis")).extracting(Container::state).isEqualTo("running");
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  @Test
  void holdsNothingAgainstAReleaseThatWasIllBeforeAndIsNotItsOwn() {
    server.restarts.put("redis", 1);
    crashesWhile("redis", this::isAtTheGate);

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(lines)
        .contains(
            "Service redis is restarting, which is not held against this run;"
                + " `slipway logs redis` shows more.");
  }

  @Test
  void goesBackWhenAServiceThatWasWellBeforeIsNotAnyMore() {
    crashesWhile("redis", () -> server.head.equals(SECOND) && isAtTheGate());

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);
  }

  @Test
  void goesBackAlsoWhereTheWorkerOfTheReleaseBeforeIsIllToo() {
    crashesWhile("worker", () -> true);

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(lines)
        .anyMatch(line -> line.startsWith("Service worker is restarting, which is not held"));
  }
}
