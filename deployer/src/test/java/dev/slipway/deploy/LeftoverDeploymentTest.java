package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import dev.slipway.deploy.PretendServer.Container;
import dev.slipway.deploy.PretendServer.Trouble;
import dev.slipway.deploy.status.StatusReader;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.DeployPlan;
import dev.slipway.release.ReleaseManifest;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The story of deployments between releases of which one has services that the other lacks. */
class LeftoverDeploymentTest extends DeploymentBench {

  private static final String COMPOSE =
      """
      services:
        postgres: {image: "postgres:15"}
        redis: {image: "redis:15"}
        backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
        frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
        nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"], depends_on: [backend]}
      """;

  private static final String WITH_WORKER =
      COMPOSE
          + "  worker: {image: \"${REGISTRY:?}/backend:${TAG:?}\", command: work, depends_on:"
          + " [backend]}\n";

  private static final String WITH_JOBS =
      COMPOSE + "  jobs: {image: \"${REGISTRY:?}/backend:${TAG:?}\", command: work}\n";

  private static final String WITH_BROKER =
      COMPOSE.replace("/backend:${TAG:?}\"}", "/backend:${TAG:?}\", depends_on: [broker]}")
          + "  broker: {image: \"${REGISTRY:?}/backend:${TAG:?}\", command: listen}\n";

  LeftoverDeploymentTest() {
    super(COMPOSE);
  }

  @BeforeEach
  void servicesOfTheBackendsImage() {
    for (String service : new String[] {"worker", "jobs", "broker"}) {
      server.sharing.put(service, "backend");
    }
  }

  /** The first release serves, and the checkout here has the second. */
  private void serves(String firstCompose, String secondCompose) {
    server.composeFiles.put(FIRST, firstCompose);
    server.composeFiles.put(SECOND, secondCompose);
    compose = secondCompose;
    firstServes();
  }

  private String image(String service) {
    Container found = server.containers.get(service);
    return found == null ? "none" : found.imageId();
  }

  private DeployPlan plan(Action action, ReleaseManifest release) {
    return deployment(Optional.empty()).plan(action, release);
  }

  private ExitCode rollBack() {
    return deployment(Optional.empty()).run(Action.ROLLBACK, first);
  }

  /** The new backend is well until the edge leads to it. */
  private void illOnceServing() {
    server.troubles.add(
        command -> {
          if (server.refused.contains("172.18.0.9 ")) {
            server.versions.put("sha256:backend2", "another");
          }
          return Optional.empty();
        });
  }

  @Test
  void removesAServiceThatTheReleaseHasNoMore() {
    serves(WITH_WORKER, COMPOSE);

    assertThat(plan(Action.DEPLOY, second).toString())
        .containsSubsequence(
            "wait until", "let the old backend", "remove worker (not in the compose file of bbbb");
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(image("worker")).isEqualTo("none");
    assertThat(server.ran)
        .containsSubsequence("docker stop id-of-worker", "docker rm id-of-worker");
    assertThat(lastEntry().footprints()).doesNotContainKey("worker");
    assertThat(plan(Action.DEPLOY, second).nothingToDo()).isTrue();
  }

  @Test
  void removesAServiceUnderItsOldName() {
    serves(WITH_WORKER, WITH_JOBS);

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(image("worker")).isEqualTo("none");
    assertThat(image("jobs")).isEqualTo("sha256:backend2");
  }

  @Test
  void leavesItToWorkWhereTheReleaseIsIll() {
    serves(WITH_WORKER, COMPOSE);
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(server.containers.get("worker"))
        .extracting(Container::imageId, Container::state)
        .containsExactly("sha256:backend1", "running");
    assertThat(server.ran).noneMatch(command -> command.contains("id-of-worker"));
  }

  @Test
  void removesItTheNextTimeWhereItCouldNotBeRemoved() {
    serves(WITH_WORKER, COMPOSE);
    Trouble busy =
        command ->
            command.toString().contains("docker rm id-of-worker")
                ? Optional.of(PretendServer.failed("device or resource busy"))
                : Optional.empty();
    server.troubles.add(busy);
    assertThat(deploy(second)).isEqualTo(ExitCode.SERVING_INCOMPLETE);
    assertThat(image("worker")).isEqualTo("sha256:backend1");
    server.troubles.remove(busy);

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(image("worker")).isEqualTo("none");
  }

  @Test
  void removesItThoughAnotherStepAfterTheGateFails() {
    serves(WITH_WORKER, COMPOSE);
    moveLatest =
        release -> {
          throw new IllegalStateException("the registry is away");
        };

    assertThat(deploy(second)).isEqualTo(ExitCode.SERVING_INCOMPLETE);

    assertThat(image("worker")).isEqualTo("none");
  }

  @Test
  void startsANewServiceOfItsOwnImageOnlyAfterTheSwap() {
    serves(COMPOSE, WITH_WORKER);
    server.sick.add("sha256:backend2");

    assertThat(plan(Action.DEPLOY, second).toString())
        .containsSubsequence("swap backend", "update worker (worker: no container)", "wait until");
    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(image("worker")).isEqualTo("none");
    assertThat(server.ran).noneMatch(command -> command.endsWith(" worker"));
  }

  @Test
  void removesItOnTheWayBack() {
    serves(COMPOSE, WITH_WORKER);
    illOnceServing();

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(server.ran)
        .anyMatch(command -> command.endsWith(" up -d --no-deps --no-build worker"));
    assertThat(image("worker")).isEqualTo("none");
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  @Test
  void removesItInARollbackOnRequest() {
    serves(COMPOSE, WITH_WORKER);
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(image("worker")).isEqualTo("sha256:backend2");

    assertThat(rollBack()).isEqualTo(ExitCode.SUCCESS);

    assertThat(image("worker")).isEqualTo("none");
  }

  @Test
  void takesAwayWhatANewBackendNeededBeforeTheSwap() {
    serves(COMPOSE, WITH_BROKER);
    server.sick.add("sha256:backend2");

    assertThat(plan(Action.DEPLOY, second).toString())
        .containsSubsequence("start broker (broker: no container)", "swap backend");
    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(image("broker")).isEqualTo("none");
    assertThat(lines)
        .contains("Taken away again, since aaaaaaaaaaaa had none of it: broker.")
        .contains("Nothing was swapped: aaaaaaaaaaaa serves as before.");
    assertThat(lastEntry().footprints()).doesNotContainKey("broker");
  }

  @Test
  void takesAwayWhatAnEarlierRunThatWasKilledHasStarted() {
    serves(COMPOSE, WITH_BROKER);
    server.containers.put(
        "broker",
        new Container("registry.example/backend:" + SECOND, "sha256:backend2", "running"));
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(image("broker")).isEqualTo("none");
  }

  @Test
  void saysThatItMayBeThereWhereItCannotBeTakenAway() {
    serves(COMPOSE, WITH_BROKER);
    server.sick.add("sha256:backend2");
    answer("docker stop id-of-broker", PretendServer.failed("the engine is away"));

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    assertThat(lines)
        .anyMatch(line -> line.startsWith("What bbbbbbbbbbbb has started may be there: "));
  }

  @Test
  void neverRemovesWhatItHasNotBuiltOrWhatOtherComposeFilesMade() {
    serves(COMPOSE, COMPOSE);
    server.containers.put("queue", new Container("redis:6", "sha256:redis6", "running"));
    server.containers.put(
        "tools", new Container("registry.example/backend:" + FIRST, "sha256:backend1", "running"));
    server.madeFrom.put("backend", "/opt/platform-v2/docker-compose.prod.yml");
    server.madeFrom.put(
        "tools", "/opt/platform-v2/docker-compose.prod.yml,/opt/platform-v2/tools.yml");

    assertThat(plan(Action.DEPLOY, second).notes())
        .anyMatch(note -> note.startsWith("queue (redis:6) is not in the compose file of bbbb"))
        .anyMatch(note -> note.startsWith("tools (registry.example/backend:aaaa"));
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.containers).containsKeys("queue", "tools");
    assertThat(
            new StatusReader(server, platform(), CHECKOUT + "/.env", "docker-compose.prod.yml", log)
                .read()
                .leftovers())
        .hasSize(2)
        .first()
        .isEqualTo(
            "queue (redis:6) is not in the compose file of bbbbbbbbbbbb and stays; when nobody"
                + " needs it, on the server: `docker stop id-of-queue && docker rm id-of-queue`");
  }

  @Test
  void rollsBackToAServiceThatOnlyTheEarlierReleaseHas() {
    serves(WITH_WORKER, COMPOSE);
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(plan(Action.ROLLBACK, first).toString())
        .containsSubsequence("swap backend", "update worker (worker: no container)");
    assertThat(rollBack()).isEqualTo(ExitCode.SUCCESS);

    assertThat(image("worker")).isEqualTo("sha256:backend1");
  }

  @Test
  void rollsBackToABackendThatHasAnotherNameHere() {
    serves(COMPOSE, COMPOSE);
    compose = COMPOSE.replace("backend", "api");
    settings = "services: {backend: api}";
    Container backend = server.containers.remove("backend");
    assertThat(backend).isNotNull();

    assertThat(plan(Action.ROLLBACK, first).toString())
        .contains("update backend (backend: no container)");
  }

  @Test
  void goesByTheServicesHereWhereTheEarlierComposeFileCannotBeRead() {
    serves(WITH_WORKER, COMPOSE);
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    server.composeFiles.put(FIRST, WITH_WORKER + "  odd: {ports: nonsense}\n");

    DeployPlan plan = plan(Action.ROLLBACK, first);

    assertThat(plan.notes())
        .containsExactly(
            "Left as it is, since the compose file of aaaaaaaaaaaa cannot be read here: odd,"
                + " worker.");
  }
}
