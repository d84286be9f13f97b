package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import dev.slipway.deploy.DeploymentBench;
import dev.slipway.plan.Replacement.Way;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.Role;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployPlannerTest {

  private static final String OLD = "a".repeat(40);
  private static final String NEW = "b".repeat(40);
  private static final List<String> SERVICES =
      List.of("postgres", "redis", "backend", "frontend", "nginx");
  private static final List<String> MORE_SERVICES =
      List.of("postgres", "redis", "init", "backend", "worker", "frontend", "nginx");

  private static final Cost EDGE_COST = new Cost("nginx", "a second", "it has the port", "Wait.");

  private final DeployPlanner planner =
      planner(
          MORE_SERVICES,
          Map.of("postgres", "postgres:15", "redis", "redis:7.0"),
          Map.of("worker", "backend"),
          BackupSettings.Mode.RESTORE,
          Map.of(
              "backend", new Replacement(Way.BESIDE, Optional.empty()),
              "frontend", new Replacement(Way.BESIDE, Optional.empty()),
              "nginx", new Replacement(Way.EDGE, Optional.of(EDGE_COST)),
              "init", new Replacement(Way.ONCE, Optional.empty())));
  private DeployPlan plan = new DeployPlan(release(OLD, "1", "rev1"), List.of());

  // What the server looks like; by default it serves the old release.
  private final Map<String, ContainerState> containers = new HashMap<>();
  private final Map<String, Attachment> attachments = new HashMap<>();
  private Set<String> redefined = Set.of();
  private final Map<String, List<String>> several = new HashMap<>();
  private final Map<String, String> images = new HashMap<>();
  private final Map<String, String> majors = new HashMap<>();
  private String commit = OLD;
  private Set<String> commits = Set.of(OLD);
  private Optional<String> schema = Optional.of("rev1");
  private Set<String> described = Set.copyOf(SERVICES);
  private Set<String> profiles = Set.of();
  private Set<String> reconfigured = Set.of();
  private Set<String> refilled = Set.of();
  private Map<String, Set<String>> variables = Map.of();
  private Set<String> madeByHand = Set.of();
  private Set<String> stranded = Set.of();
  private Optional<ReleaseManifest> current = Optional.of(release(OLD, "1", "rev1"));
  private boolean older;
  private boolean unfinished;
  private boolean byHand;
  private Optional<EdgeState> edge = Optional.empty();
  private boolean cutOff;
  private List<Leftover> leftovers = List.of();

  DeployPlannerTest() {
    for (String service : SERVICES) {
      containers.put(service, container(service, "running"));
      images.put(id(service, "1"), id(service, "1"));
    }
    images.put("postgres:15", id("postgres", "1"));
    images.put("redis:7.0", id("redis", "1"));
    has(release(OLD, "1", "rev1"));
  }

  @AfterEach
  void everyStepCarriesItsCause() {
    assertThat(plan.steps()).extracting(Step::cause).noneMatch(String::isBlank);
  }

  private static DeployPlanner planner(
      List<String> services,
      Map<String, String> foreignImages,
      Map<String, String> sharers,
      BackupSettings.Mode backup,
      Map<String, Replacement> ways) {
    return new DeployPlanner(
        composition(services, foreignImages, sharers, ways, Map.of(), Map.of(), Map.of()), backup);
  }

  private static Composition composition(
      List<String> services,
      Map<String, String> foreignImages,
      Map<String, String> sharers,
      Map<String, Replacement> ways,
      Map<String, Set<String>> needs,
      Map<String, Set<String>> joins,
      Map<String, Attachment> attachments) {
    Map<Role, String> roles =
        new EnumMap<>(
            Map.of(Role.BACKEND, "backend", Role.EDGE, "nginx", Role.POSTGRES, "postgres"));
    roles.values().retainAll(services);
    return new Composition(
        Set.copyOf(services),
        services,
        Map.of(),
        foreignImages,
        sharers,
        ways,
        needs,
        joins,
        attachments,
        roles);
  }

  private static String id(String service, String version) {
    return "sha256:" + service + version;
  }

  private static ContainerState container(String service, String state) {
    return new ContainerState(
        "id-of-" + service,
        "registry.example/" + service + ":" + OLD,
        id(service, "1"),
        state,
        Optional.empty(),
        Map.of(),
        0,
        0);
  }

  private static ReleaseManifest release(String commit, String backend, String schema) {
    Map<String, ReleasedImage> released = new TreeMap<>();
    for (String service : List.of("backend", "frontend", "nginx")) {
      String version = service.equals("backend") ? backend : "1";
      released.put(
          service,
          new ReleasedImage(
              "registry.example/" + service,
              commit,
              Optional.of("sha256:" + service.charAt(0) + version),
              id(service, version)));
    }
    return new ReleaseManifest(
        commit,
        Optional.of(commit),
        released,
        Optional.of(schema),
        Map.of("TAG", commit, "REGISTRY", "registry.example"),
        Instant.EPOCH);
  }

  private void has(ReleaseManifest release) {
    release
        .images()
        .values()
        .forEach(
            image -> {
              images.put(image.pinned(), image.id());
              images.put(image.tagged(), image.id());
            });
  }

  private HostState state() {
    return new HostState(
        commit,
        commits,
        containers,
        leftovers,
        attachments,
        several,
        images,
        majors,
        schema,
        described,
        profiles,
        Optional.empty(),
        new Differences(reconfigured, refilled, redefined, variables, madeByHand, stranded),
        current,
        older,
        unfinished,
        byHand,
        edge,
        false,
        cutOff,
        ImageStore.UNKNOWN);
  }

  @Test
  void bringsEverythingToAnEmptyServer() {
    containers.clear();
    images.clear();
    commits = Set.of();
    schema = Optional.empty();
    current = Optional.empty();

    plan = planner.deploy(state(), release(NEW, "2", "rev2"));

    assertThat(plan)
        .hasToString(
            """
            Plan to serve bbbbbbbbbbbb:
              1. fetch commit bbbbbbbbbbbb (not in the server's repository)
              2. pull backend registry.example/backend@sha256:b2 (not on the server)
              3. pull frontend registry.example/frontend@sha256:f1 (not on the server)
              4. pull nginx registry.example/nginx@sha256:n1 (not on the server)
              5. check out bbbbbbbbbbbb (the checkout is at aaaaaaaaaaaa)
              6. pull the images of postgres, redis (not on the server)
              7. start postgres (the migrations need it)
              8. back up the database and restore the copy to prove it (if a migration is to come: postgres does not run, and nothing else tells its revision)
              9. migrate the schema to rev2 (if it is not there yet: postgres does not run, and nothing else tells its revision)
             10. update redis, backend, frontend, nginx (redis: no container; backend: no container; frontend: no container; nginx: no container)
             11. wait until the edge answers healthy with version bbbbbbbbbbbb (nothing ships that was not seen to serve)
             12. record REGISTRY, TAG in .env (so that the team's own compose commands start this release)
             13. move the registry's :latest to bbbbbbbbbbbb (only now has it been seen to serve)
            """);
  }

  @Test
  void takesADatabaseWithoutARevisionForAnEmptyOneOnlyWhileItRuns() {
    schema = Optional.empty();

    plan = planner.deploy(state(), release(NEW, "2", "rev2"));

    assertThat(plan.toString())
        .contains(
            "to prove it (if it holds anything: no revision tells)\n",
            "migrate the schema to rev2 (the database is empty)\n");
  }

  @Test
  void touchesTheBackendAloneWhenOnlyItChanged() {
    commits = Set.of(NEW);

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan)
        .hasToString(
            """
            Plan to serve bbbbbbbbbbbb:
              1. pull backend registry.example/backend@sha256:b2 (not on the server)
              2. tag frontend as registry.example/frontend:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (on the server under another name)
              3. tag nginx as registry.example/nginx:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (on the server under another name)
              4. check out bbbbbbbbbbbb (the checkout is at aaaaaaaaaaaa)
              5. update backend (backend: image changed)
              6. wait until the edge answers healthy with version bbbbbbbbbbbb (nothing ships that was not seen to serve)
              7. record REGISTRY, TAG in .env (so that the team's own compose commands start this release)
              8. move the registry's :latest to bbbbbbbbbbbb (only now has it been seen to serve)
            """);
  }

  @Test
  void plansAReleaseThatIsNotPublishedYetByTheIdsOfItsImages() {
    ReleaseManifest published = release(NEW, "2", "rev1");
    Map<String, ReleasedImage> unpublished = new TreeMap<>();
    published
        .images()
        .forEach(
            (service, image) ->
                unpublished.put(
                    service,
                    new ReleasedImage(image.name(), image.tag(), Optional.empty(), image.id())));
    commits = Set.of(NEW);

    plan =
        planner.deploy(
            state(),
            new ReleaseManifest(
                NEW,
                published.version(),
                unpublished,
                published.schemaRevision(),
                published.variables(),
                Instant.EPOCH));

    assertThat(plan.toString())
        .startsWith(
            """
            Plan to serve bbbbbbbbbbbb:
              1. pull backend registry.example/backend:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (not on the server)
              2. tag frontend as registry.example/frontend:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (on the server under another name)
              3. tag nginx as registry.example/nginx:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (on the server under another name)
              4. check out bbbbbbbbbbbb (the checkout is at aaaaaaaaaaaa)
              5. update backend (backend: image changed)
            """);
  }

  @Test
  void migratesBeforeItUpdates() {
    plan = planner.deploy(state(), release(NEW, "2", "rev2"));

    assertThat(plan.toString())
        .containsSubsequence(
            "check out",
            "back up the database and restore the copy to prove it (the migration changes what is at rev1)",
            "migrate the schema from rev1 to rev2 (the database is at rev1)",
            "update backend");
  }

  @Test
  void saysWhereItMigratesWithoutABackup() {
    plan =
        planner(SERVICES, Map.of(), Map.of(), BackupSettings.Mode.NONE, Map.of())
            .deploy(state(), release(NEW, "2", "rev2"));
    assertThat(plan.toString())
        .doesNotContain("back up")
        .contains(
            "(the database is at rev1; without a backup, as backup.mode in slipway.yml says)");

    plan =
        planner(
                List.of("redis", "backend", "frontend", "nginx"),
                Map.of(),
                Map.of(),
                BackupSettings.Mode.RESTORE,
                Map.of())
            .deploy(state(), release(NEW, "2", "rev2"));
    assertThat(plan.toString())
        .doesNotContain("back up")
        .contains("; without a backup: no service of the compose file is the database)");
  }

  @Test
  void startsAStoppedDatabaseForTheMigrations() {
    containers.put("postgres", container("postgres", "exited"));
    schema = Optional.empty();

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString())
        .contains("start postgres (the migrations need it)")
        .doesNotContain("update");
  }

  @Test
  void hasNothingToDoWhenTheReleaseServes() {
    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan).hasToString("Nothing to do: aaaaaaaaaaaa is serving.\n");
    assertThat(plan.nothingToDo()).isTrue();
  }

  @Test
  void finishesWhatTheLastDeploymentLeftUndone() {
    unfinished = true;

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.steps())
        .hasExactlyElementsOfTypes(
            Step.PassGate.class, Step.RecordVariables.class, Step.MoveLatest.class);
  }

  @Test
  void updatesAServiceWhosePartOfTheComposeFileChanged() {
    reconfigured = Set.of("frontend");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString())
        .contains("  1. update frontend (frontend: its part of the compose file changed)\n");
  }

  @Test
  void updatesAServiceWhoseFilesChangedThoughComposeSeesNothingOfIt() {
    refilled = Set.of("frontend");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString())
        .contains(
            "  1. update frontend (frontend: what it mounts or reads its variables from changed)\n");
    assertThat(((Step.UpdateServices) plan.steps().get(0)).unseen()).containsExactly("frontend");
  }

  @Test
  void replacesAContainerThatCrashed() {
    containers.put("nginx", container("nginx", "exited"));

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString()).contains("  1. update nginx (nginx: is exited)\n");
  }

  @Test
  void pullsADatabaseImageThatTheComposeFileNewlyNames() {
    reconfigured = Set.of("postgres");
    images.remove("postgres:15");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString())
        .contains("  1. pull the images of postgres (not on the server)\n")
        .contains("  2. update postgres");
  }

  @Test
  void updatesInTheOrderOfDependencies() {
    containers.keySet().removeAll(List.of("nginx", "redis", "backend"));

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString()).contains("update redis, backend, nginx (");
  }

  @Test
  void updatesAWorkerWithTheBackendWhoseImageItRuns() {
    containers.put("worker", container("backend", "running"));
    described = Set.copyOf(MORE_SERVICES);
    containers.put("init", ended(0));
    edge =
        Optional.of(new EdgeState(List.of(), Duration.ofSeconds(1), true, false, Optional.empty()));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString())
        .contains("swap backend")
        .contains("update worker (worker: image changed)")
        .doesNotContain("pull worker");
  }

  @Test
  void letsOldContainersGoBeforeAnEdgeIsReplacedInPlace() {
    edge =
        Optional.of(new EdgeState(List.of(), Duration.ofSeconds(1), true, false, Optional.empty()));
    reconfigured = Set.of("nginx");
    DeployPlanner inPlace =
        planner(
            SERVICES,
            Map.of(),
            Map.of(),
            BackupSettings.Mode.RESTORE,
            Map.of(
                "backend", new Replacement(Way.BESIDE, Optional.empty()),
                "nginx", new Replacement(Way.EDGE_IN_PLACE, Optional.of(EDGE_COST))));

    plan = inPlace.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .extracting(step -> step.getClass().getSimpleName())
        .containsSubsequence("SwapServices", "RetireServices", "UpdateServices", "PassGate");
    assertThat(plan.toString()).contains("nginx: a second");
  }

  @Test
  void knowsAForeignImageThatIsPinnedByItsDigest() {
    String digest = "sha256:" + "0".repeat(64);
    containers.remove("redis");
    images.remove("redis:7.0");
    DeployPlanner pinned =
        planner(
            SERVICES,
            Map.of("redis", "redis:7.0@" + digest),
            Map.of(),
            BackupSettings.Mode.RESTORE,
            Map.of());

    plan = pinned.deploy(state(), release(OLD, "1", "rev1"));
    assertThat(plan.steps()).anyMatch(Step.PullServices.class::isInstance);

    images.put("redis@" + digest, id("redis", "1"));
    plan = pinned.deploy(state(), release(OLD, "1", "rev1"));
    assertThat(plan.steps()).noneMatch(Step.PullServices.class::isInstance);
  }

  @Test
  void startsAWorkerWithTheImageThatTheBackendBrings() {
    described = Set.copyOf(MORE_SERVICES);
    containers.put("init", ended(0));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString()).contains("worker: no container");
    assertThat(plan.steps()).noneMatch(Step.PullServices.class::isInstance);
  }

  @Test
  void doesNotWantAJobThatIsDoneToRun() {
    containers.put("init", ended(0));
    containers.put("worker", container("backend", "running"));
    described = Set.copyOf(MORE_SERVICES);

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.nothingToDo()).isTrue();
  }

  @Test
  void runsAJobAgainThatHasFailed() {
    containers.put("init", ended(3));
    containers.put("worker", container("backend", "running"));
    described = Set.copyOf(MORE_SERVICES);

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString()).contains("init: is exited");
  }

  private static ContainerState ended(int status) {
    return new ContainerState(
        "id-of-init", "init:1", "sha256:init", "exited", Optional.empty(), Map.of(), 0, status);
  }

  @Test
  void goesBackToAnEarlierReleaseWithoutTouchingTheSchema() {
    ReleaseManifest newer = release(NEW, "2", "rev2");
    has(newer);
    containers.put(
        "backend",
        new ContainerState(
            "id", "x", id("backend", "2"), "running", Optional.empty(), Map.of(), 0, 0));
    commit = NEW;
    schema = Optional.of("rev2");
    current = Optional.of(newer);

    plan = planner.rollback(state(), release(OLD, "1", "rev1"));

    assertThat(plan)
        .hasToString(
            """
            Plan to serve aaaaaaaaaaaa:
              1. check out aaaaaaaaaaaa (the checkout is at bbbbbbbbbbbb)
              2. update backend (backend: image changed)
              3. wait until the edge answers healthy with version aaaaaaaaaaaa (nothing ships that was not seen to serve)
              4. record REGISTRY, TAG in .env (so that the team's own compose commands start this release)
              5. move the registry's :latest to aaaaaaaaaaaa (only now has it been seen to serve)
            """);
  }

  @Test
  void promisesNoVersionWhereTheReleaseTellsNone() {
    ReleaseManifest silent = release(NEW, "2", "rev1");
    plan =
        planner.deploy(
            state(),
            new ReleaseManifest(
                NEW,
                Optional.empty(),
                silent.images(),
                silent.schemaRevision(),
                silent.variables(),
                Instant.EPOCH));

    assertThat(plan.toString())
        .contains("wait until the edge answers healthy (nothing ships that was not seen to serve)");
  }

  @Test
  void asksTheGateEvenWhenThereIsNothingToBringBack() {
    plan = planner.recovery(state(), release(OLD, "1", "rev1"), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .hasExactlyElementsOfTypes(Step.PassGate.class, Step.RecordVariables.class);
  }

  @Test
  void namesOnlyServicesThatTheWantedComposeFileHas() {
    containers.remove("redis");
    described = Set.of("postgres", "backend", "frontend", "nginx");

    plan = planner.recovery(state(), release(OLD, "1", "rev1"), release(NEW, "2", "rev1"));

    assertThat(plan.toString()).doesNotContain("redis");
  }

  @Test
  void bringsBackWhatRanOnAServerThatWasDeployedByHand() {
    current = Optional.empty();
    byHand = true;
    HostState before = state();
    ReleaseManifest byHand = before.releaseBefore().orElseThrow();
    has(release(NEW, "2", "rev1"));
    containers.put(
        "backend",
        new ContainerState(
            "id", "x", id("backend", "2"), "running", Optional.empty(), Map.of(), 0, 0));
    commit = NEW;

    plan = planner.recovery(state(), byHand, release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .last()
        .hasToString(
            "PassGate[version=Optional.empty, cause=nothing ships that was not seen to serve]");
    assertThat(plan.toString())
        .startsWith(
            """
            Plan to serve aaaaaaaaaaaa:
              1. tag postgres as registry.example/postgres:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (on the server under another name)
            """)
        .contains("update backend (backend: image changed)")
        .doesNotContain("pull")
        .doesNotContain("record");
  }

  @Test
  void hasNothingToGoBackToOnAnEmptyServer() {
    containers.clear();
    current = Optional.empty();
    byHand = true;

    assertThat(state().releaseBefore()).isEmpty();
  }

  @Test
  void hasNothingToGoBackToAfterAFailedFirstDeployment() {
    current = Optional.empty();

    assertThat(state().releaseBefore()).isEmpty();
  }

  @Test
  void refusesToShipACommitThatIsOlderThanTheOneThatServes() {
    current = Optional.of(release(NEW, "2", "rev1"));
    older = true;

    assertThatThrownBy(() -> planner.deploy(state(), release(OLD, "1", "rev1")))
        .hasToString(
            """
            Commit aaaaaaaaaaaa is older than bbbbbbbbbbbb, which serves.
            To go back run `slipway rollback --to aaaaaaaaaaaa`; to ship, deploy a commit that contains bbbbbbbbbbbb.\
            """);
    assertThat(planner.rollback(state(), release(OLD, "1", "rev1")).release().commit())
        .isEqualTo(OLD);
  }

  @Test
  void goesBackToTheLedgersRelease() {
    assertThat(state().releaseBefore()).isEqualTo(current);
  }

  private static final EdgeState READY =
      new EdgeState(List.of(), Duration.ofSeconds(1), true, false, Optional.empty());

  @Test
  void saysWhatASwapCostsBehindAnEdgeThatRemembersForLong() {
    edge =
        Optional.of(
            new EdgeState(List.of(), Duration.ofMinutes(10), true, false, Optional.empty()));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.costs())
        .containsExactly(
            new Cost(
                "backend",
                "nginx is reloaded three times, at which a POST over an idle connection may fail",
                "nginx goes by an address that it has looked up for up to 600 s",
                "Write `valid=1s` into nginx's resolver: `resolver 127.0.0.11 valid=1s;`."));
  }

  @Test
  void swapsNothingBehindAnEdgeThatDoesNotGoOnWhenOneContainerRefuses() {
    edge =
        Optional.of(
            new EdgeState(
                List.of(),
                Duration.ofSeconds(1),
                true,
                false,
                Optional.empty(),
                List.of(
                    new EdgeState.SingleTry(
                        "backend", "nginx.conf:9", "proxy_next_upstream off"))));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString()).contains("update backend (").doesNotContain("swap backend");
    assertThat(plan.costs())
        .containsExactly(
            new Cost(
                "backend",
                "failed requests until it has finished what it has begun and its successor has started",
                "nginx.conf:9 has `proxy_next_upstream off`, with which nginx does not go on to the new container when the old one refuses",
                "Let it go on after `error` and try twice, as it does by itself: it sends no POST again that it has sent, unless `non_idempotent` is there."));
  }

  /** A planner for whom the backend waits until the job has ended. */
  private static DeployPlanner awaiting() {
    return planner(
        MORE_SERVICES,
        Map.of(),
        Map.of("worker", "backend", "init", "backend"),
        BackupSettings.Mode.RESTORE,
        Map.of(
            "backend", new Replacement(Way.BESIDE, Optional.empty()),
            "init", new Replacement(Way.AWAITED, Optional.empty())));
  }

  /** The old release serves, with a worker and a job that is done. */
  private void servesWithAJob() {
    described = Set.copyOf(MORE_SERVICES);
    containers.put("worker", container("backend", "running"));
    containers.put("init", container("backend", "exited"));
    edge = Optional.of(READY);
  }

  @Test
  void refusesToSwapAServiceThatSomebodyHasScaledByHand() {
    edge = Optional.of(READY);
    several.put("backend", List.of("shop-backend-1", "shop-backend-2"));
    HostState scaled = state();

    assertThatThrownBy(() -> planner.deploy(scaled, release(NEW, "2", "rev1")))
        .hasMessageStartingWith(
            "Service backend has several containers, though its compose file wants one: shop-backend-1, shop-backend-2.")
        .isInstanceOfSatisfying(
            SlipwayException.class,
            refused ->
                assertThat(refused.advice())
                    .contains("`docker stop shop-backend-2 && docker rm shop-backend-2`"));
    assertThat(planner.deploy(scaled, release(OLD, "1", "rev1")).nothingToDo()).isTrue();
    assertThat(
            planner
                .recovery(scaled, release(NEW, "2", "rev1"), release(OLD, "1", "rev1"))
                .toString())
        .contains("swap backend");
  }

  @Test
  void runsNoJobOnTheWayBack() {
    servesWithAJob();
    current = Optional.of(release(NEW, "2", "rev2"));
    schema = Optional.of("rev2");

    assertThat(awaiting().rollback(state(), release(NEW, "2", "rev2")).toString())
        .contains("swap backend")
        .doesNotContain("init");
    assertThat(
            awaiting()
                .recovery(state(), release(NEW, "2", "rev2"), release(OLD, "1", "rev1"))
                .toString())
        .contains("swap backend")
        .doesNotContain("init");
    assertThat(awaiting().deploy(state(), release(NEW, "2", "rev2")).toString())
        .contains("start init (init: image changed)");
  }

  @Test
  void waitsForAJobAlsoWhereNothingElseChanges() {
    servesWithAJob();
    reconfigured = Set.of("init");

    assertThat(awaiting().deploy(state(), release(OLD, "1", "rev1")).toString())
        .contains("1. start init (init: its part of the compose file changed)");
  }

  @Test
  void waitsForAJobThatAnEarlierRunHasLeftRunning() {
    servesWithAJob();
    containers.put("init", container("backend", "running"));

    assertThat(awaiting().deploy(state(), release(OLD, "1", "rev1")).toString())
        .contains("1. start init (init: others wait until it has ended)");
  }

  @Test
  void runsJobsWithWhatTheyNeedBeforeTheRestIsUpdated() {
    servesWithAJob();
    containers.clear();
    edge = Optional.empty();

    assertThat(awaiting().deploy(state(), release(OLD, "1", "rev2")).toString())
        .containsSubsequence(
            "start postgres (the migrations need it)",
            "migrate",
            "start redis, init (",
            "update backend, worker, frontend, nginx (");
  }

  @Test
  void replacesWhatDoesNotRunOnlyAfterTheSwap() {
    servesWithAJob();
    containers.put("worker", container("backend", "restarting"));
    containers.put("redis", container("redis", "exited"));

    assertThat(awaiting().deploy(state(), release(NEW, "2", "rev1")).toString())
        .containsSubsequence(
            "start redis, init (redis: is exited; init: image changed)",
            "swap backend",
            "update worker (worker: is restarting)");
  }

  /** What the new backend needs to become well must not wait for it. */
  @Test
  void startsWhatTheSwappedDependOnBeforeTheSwapWhateverBecameOfIt() {
    edge = Optional.of(READY);
    containers.put("redis", container("redis", "restarting"));
    reconfigured = Set.of("redis");
    ReleaseManifest wanted = release(NEW, "2", "rev1");

    for (DeployPlan plan :
        List.of(
            planner.deploy(state(), wanted),
            planner.rollback(state(), wanted),
            planner.recovery(state(), wanted, wanted))) {
      assertThat(plan.toString())
          .containsSubsequence("start redis (redis: is restarting)", "swap backend");
    }
  }

  @Test
  void replacesTheEdgeAloneWhereNothingElseChanges() {
    edge = Optional.of(READY);
    reconfigured = Set.of("nginx");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.steps())
        .hasExactlyElementsOfTypes(
            Step.ReplaceEdge.class,
            Step.PassGate.class,
            Step.RecordVariables.class,
            Step.MoveLatest.class);
    assertThat(plan.costs()).containsExactly(EDGE_COST);
  }

  @Test
  void startsABackendThatHasCrashedInsteadOfSwappingIt() {
    edge = Optional.of(READY);
    containers.put("backend", container("backend", "exited"));

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString()).contains("  1. update backend (backend: is exited)\n");
    assertThat(plan.steps()).noneMatch(Step.SwapServices.class::isInstance);
  }

  @Test
  void keepsTheWayBackWhileAWorkerIsUpdated() {
    containers.put("worker", container("backend", "running"));
    containers.put("init", ended(0));
    described = Set.copyOf(MORE_SERVICES);
    edge = Optional.of(READY);

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .extracting(step -> step.getClass().getSimpleName())
        .containsSubsequence("SwapServices", "UpdateServices", "PassGate", "RetireServices")
        .containsOnlyOnce("RetireServices");
  }

  @Test
  void runsNoJobAgainForWhichOthersHaveWaited() {
    servesWithAJob();

    plan = awaiting().deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.nothingToDo()).isTrue();
  }

  @Test
  void pullsNoDatabaseImageThatIsThere() {
    reconfigured = Set.of("postgres");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString()).contains("  1. update postgres (");
  }

  @Test
  void leavesADatabaseThatRunsAloneUntilItsBackupIsThere() {
    reconfigured = Set.of("postgres");

    plan = planner.deploy(state(), release(NEW, "2", "rev2"));

    assertThat(plan.toString())
        .doesNotContain("start postgres")
        .containsSubsequence("back up the database", "migrate the schema", "update postgres");
  }

  @Test
  void refusesToReplaceAnEdgeThatSomebodyHasScaledByHand() {
    edge = Optional.of(READY);
    reconfigured = Set.of("nginx");
    several.put("nginx", List.of("shop-nginx-1", "shop-nginx-2"));

    assertThatThrownBy(() -> planner.deploy(state(), release(OLD, "1", "rev1")))
        .hasMessageStartingWith("Service nginx has several containers");
  }

  @Test
  void asksTheGateForAReleaseThatIsThereButNobodyHasRecorded() {
    commit = NEW;
    commits = Set.of(OLD, NEW);
    has(release(NEW, "1", "rev1"));

    plan = planner.deploy(state(), release(NEW, "1", "rev1"));

    assertThat(plan.steps())
        .hasExactlyElementsOfTypes(
            Step.PassGate.class, Step.RecordVariables.class, Step.MoveLatest.class);
  }

  @Test
  void startsAWorkerThatDoesNotRunBeforeTheSwapOnTheWayBack() {
    servesWithAJob();
    containers.put("worker", container("backend", "restarting"));
    current = Optional.of(release(NEW, "2", "rev1"));

    assertThat(awaiting().rollback(state(), release(NEW, "2", "rev1")).toString())
        .containsSubsequence("start worker (worker: is restarting)", "swap backend");
  }

  @Test
  void startsWhatDoesNotRunAndStaysAsItIsBeforeTheSwap() {
    servesWithAJob();
    reconfigured = Set.of("backend");
    containers.put("worker", container("backend", "restarting"));

    assertThat(awaiting().deploy(state(), release(OLD, "1", "rev1")).toString())
        .containsSubsequence("start worker (worker: is restarting)", "swap backend");
  }

  @Test
  void migratesNothingForAReleaseThatNamesNoSchema() {
    ReleaseManifest named = release(NEW, "2", "rev1");
    ReleaseManifest silent =
        new ReleaseManifest(
            NEW,
            named.version(),
            named.images(),
            Optional.empty(),
            named.variables(),
            Instant.EPOCH);

    plan = planner.deploy(state(), silent);

    assertThat(plan.steps()).noneMatch(Step.Migrate.class::isInstance);
  }

  @Test
  void wantsAllToBeWellButJobsAndWhatWasIllBefore() {
    containers.put("redis", container("redis", "restarting"));
    described = Set.copyOf(MORE_SERVICES);
    containers.put("worker", worker("backend1", "restarting", 0));
    has(release(NEW, "2", "rev1"));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));
    assertThat(plan.mustBeWell())
        .as("the worker gets the new release's image")
        .containsExactlyInAnyOrder("postgres", "backend", "frontend", "nginx", "worker");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));
    assertThat(plan.mustBeWell())
        .containsExactlyInAnyOrder("postgres", "backend", "frontend", "nginx");

    reconfigured = Set.of("redis");
    plan = planner.deploy(state(), release(OLD, "1", "rev1"));
    assertThat(plan.mustBeWell()).contains("redis");
  }

  @Test
  void wantsWhatACutOffRunHasBroughtToBeWellToo() {
    described = Set.copyOf(MORE_SERVICES);
    has(release(NEW, "2", "rev1"));
    containers.put("worker", worker("backend2", "running", 2));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.mustBeWell()).contains("worker");
  }

  @Test
  void wantsNothingButTheEdgesAnswerOnTheWayBack() {
    has(release(NEW, "2", "rev1"));

    plan = planner.rollback(state(), release(NEW, "2", "rev1"));
    assertThat(plan.mustBeWell()).isEmpty();

    plan = planner.recovery(state(), release(NEW, "2", "rev1"), release(OLD, "1", "rev1"));
    assertThat(plan.mustBeWell()).isEmpty();
  }

  private static ContainerState worker(String image, String state, int restarts) {
    return new ContainerState(
        "id-of-worker",
        "registry.example/backend:" + OLD,
        "sha256:" + image,
        state,
        Optional.empty(),
        Map.of(),
        restarts,
        0);
  }

  private static Leftover leftover(String service, String image, boolean elsewhere) {
    return new Leftover(
        service,
        new ContainerState(
            "id-of-" + service,
            image,
            "sha256:of-" + image,
            "running",
            Optional.empty(),
            Map.of(),
            0,
            0),
        elsewhere);
  }

  @Test
  void removesWhatRunsAnImageOfItsOwnAndIsNotInTheRelease() {
    leftovers = List.of(leftover("worker", "registry.example/backend:some-tag", false));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString())
        .containsSubsequence(
            "wait until the edge answers",
            "record REGISTRY, TAG",
            "move the registry's :latest",
            "remove worker (not in the compose file of bbbbbbbbbbbb)");
    assertThat(plan.leftovers()).containsExactly("id-of-worker");
  }

  @Test
  void removesItBeforeTheGateOnTheWayBackAndWhereNothingElseIsToDo() {
    leftovers = List.of(leftover("worker", "registry.example/backend:some-tag", false));

    plan = planner.recovery(state(), release(OLD, "1", "rev1"), release(NEW, "2", "rev1"));
    assertThat(plan.toString()).containsSubsequence("remove worker", "wait until");
    plan = planner.deploy(state(), release(OLD, "1", "rev1"));
    assertThat(plan.toString()).containsSubsequence("wait until", "remove worker");
  }

  @Test
  void onlyTellsOfForeignImagesAndOtherComposeFiles() {
    leftovers =
        List.of(
            leftover("queue", "redis:6", false),
            leftover("tools", "registry.example/backend:some-tag", true));

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan)
        .hasToString(
            """
            Nothing to do: aaaaaaaaaaaa is serving.
                 queue (redis:6) is not in the compose file of aaaaaaaaaaaa and stays; when nobody needs it, on the server: `docker stop id-of-queue && docker rm id-of-queue`.
                 tools (registry.example/backend:some-tag) is not in the compose file of aaaaaaaaaaaa and stays; when nobody needs it, on the server: `docker stop id-of-tools && docker rm id-of-tools`.
            """);
    assertThat(planner.deploy(state(), release(NEW, "2", "rev1")).notes()).hasSize(2);
  }

  @Test
  void takesNoForeignImageForItsOwnOnTheWayBackToWhatWasDeployedByHand() {
    current = Optional.empty();
    byHand = true;
    leftovers = List.of(leftover("queue", "registry.example/redis:6", false));
    ReleaseManifest before = state().releaseBefore().orElseThrow();
    assertThat(before.images().get("redis"))
        .isNotNull()
        .extracting(ReleasedImage::name)
        .isEqualTo("registry.example/redis");

    plan = planner.recovery(state(), before, release(NEW, "2", "rev1"));

    assertThat(plan.leftovers()).isEmpty();
  }

  @Test
  void saysWhatItLeavesOfAComposeFileThatItCannotRead() {
    described = Set.of("postgres", "backend", "frontend", "nginx", "mailer");

    plan = planner.rollback(state(), release(NEW, "2", "rev1"));

    assertThat(plan.notes())
        .containsExactly(
            "Left as it is, since the compose file of bbbbbbbbbbbb cannot be read here: mailer.");
  }

  /** A planner whose backend needs database and cache, and whose containers are to be so. */
  private static DeployPlanner attaching(Map<String, Attachment> wanted) {
    return new DeployPlanner(
        composition(
            SERVICES,
            Map.of("postgres", "postgres:15", "redis", "redis:7.0"),
            Map.of(),
            Map.of(
                "backend", new Replacement(Way.BESIDE, Optional.empty()),
                "frontend", new Replacement(Way.BESIDE, Optional.empty()),
                "nginx", new Replacement(Way.EDGE, Optional.of(EDGE_COST))),
            Map.of("backend", Set.of("postgres", "redis"), "nginx", Set.of("backend", "frontend")),
            Map.of(),
            wanted),
        BackupSettings.Mode.RESTORE);
  }

  private static Attachment on(String... networks) {
    return new Attachment(Set.of(networks), Map.of(), true);
  }

  private static Attachment keeping(String path, String volume) {
    return new Attachment(Set.of(), Map.of(path, volume), true);
  }

  private void servesOnOneNetwork() {
    edge = Optional.of(READY);
    for (String service : SERVICES) {
      attachments.put(service, on("shop_default"));
    }
  }

  /** It may not get well without what is new in them, such as a password. */
  @Test
  void replacesWhatASwappedServiceDependsOnBeforeIt() {
    edge = Optional.of(READY);
    reconfigured = Set.of("redis");

    plan = attaching(Map.of()).deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .extracting(Step::what)
        .containsSubsequence("update redis", "swap backend beside the running containers");
  }

  @Test
  void doesNotTakeAwayThePathToWhatASwappedServiceDependsOn() {
    reconfigured = Set.of("redis");
    servesOnOneNetwork();
    HostState state = state();

    DeployPlanner moving =
        attaching(
            Map.of(
                "redis",
                on("shop_inner"),
                "backend",
                on("shop_default", "shop_inner"),
                "postgres",
                on("shop_default"),
                "nginx",
                on("shop_default")));

    assertThatThrownBy(() -> moving.deploy(state, release(NEW, "2", "rev1")))
        .hasMessage(
            "The new container of redis, on shop_inner, and the one of backend that runs, on shop_default, would not reach each other.");
  }

  @Test
  void refusesANewContainerThatCouldNotReachWhatItDependsOn() {
    reconfigured = Set.of("postgres");
    servesOnOneNetwork();
    HostState state = state();

    DeployPlanner moving =
        attaching(
            Map.of(
                "backend", on("shop_inner"), "redis", on("shop_inner"), "nginx", on("shop_inner")));

    assertThatThrownBy(() -> moving.deploy(state, release(NEW, "2", "rev1")))
        .hasMessage(
            "The new container of backend, on shop_inner, and the one of nginx that runs, on shop_default, would not reach each other.");
    attachments.put("nginx", on("shop_default", "shop_inner"));
    HostState between = state();
    assertThatThrownBy(() -> moving.deploy(between, release(NEW, "2", "rev1")))
        .hasMessage(
            "The new container of backend, on shop_inner, and the one of redis that runs, on shop_default, would not reach each other.");
    attachments.put("redis", on("shop_default", "shop_inner"));
    plan = moving.deploy(state(), release(NEW, "2", "rev1"));
    assertThat(plan.toString()).contains("swap backend");
  }

  @Test
  void refusesAnotherVolumeInPlaceOfTheOneThatHoldsTheData() {
    reconfigured = Set.of("postgres", "redis");
    attachments.put("postgres", keeping("/var/lib/postgresql/data", "shop_pgdata"));
    attachments.put("redis", keeping("/data/", "shop_cache"));
    HostState state = state();
    ReleaseManifest next = release(NEW, "1", "rev1");

    DeployPlanner renamed =
        attaching(Map.of("postgres", keeping("/var/lib/postgresql/data", "shop_database")));
    assertThatThrownBy(() -> renamed.deploy(state, next))
        .hasToString(
            """
            postgres would no longer see what it has kept: /var/lib/postgresql/data is shop_pgdata now, and the release mounts shop_database there.
            Mount what is there now (a volume keeps its name by `name: …` in the compose file). Or copy it and bring postgres up by hand with the new file; then deploy again.\
            """);
    DeployPlanner none = attaching(Map.of("postgres", on(), "redis", on()));
    assertThatThrownBy(() -> none.deploy(state, next))
        .hasMessageContaining("is shop_pgdata now, and the release mounts nothing there");
    plan =
        attaching(
                Map.of(
                    "postgres", keeping("/var/lib/postgresql/data", "shop_pgdata"), "redis", on()))
            .deploy(state, next);
    assertThat(plan.notes())
        .contains("redis no longer mounts the volume shop_cache at /data. It stays on the server.");
    plan =
        attaching(Map.of("postgres", keeping("/var/lib/postgresql/data", "${VOLUME}")))
            .deploy(state, next);
  }

  @Test
  void knowsWhatComposeHandsOnFromContainerToContainer() {
    reconfigured = Set.of("postgres", "redis");
    attachments.put("postgres", keeping("/var/lib/postgresql/data", "f".repeat(64)));
    attachments.put("redis", keeping("/data", "/opt/shop/data"));
    HostState state = state();
    ReleaseManifest next = release(NEW, "1", "rev1");

    plan = attaching(Map.of("redis", keeping("/data", "shop_cache"))).deploy(state, next);

    assertThat(plan.notes()).isEmpty();
    DeployPlanner named =
        attaching(Map.of("postgres", keeping("/var/lib/postgresql/data", "shop_pgdata")));
    assertThatThrownBy(() -> named.deploy(state, next)).hasMessageContaining("ffff now, and");
    attachments.put("postgres", keeping("/var/lib/postgresql/data", "/opt/shop/pgdata"));
    HostState folder = state();
    assertThatThrownBy(() -> named.deploy(folder, next))
        .hasMessageContaining("/opt/shop/pgdata now, and");
  }

  @Test
  void refusesAnotherMajorVersionOfPostgresOnTheSameData() {
    containers.put("postgres", postgres("postgres:15.4"));
    majors.put(id("postgres", "1"), "15");
    reconfigured = Set.of("postgres");
    described = Set.of("postgres");

    DeployPlanner newer = postgresPlanner("postgres:16-alpine");
    HostState unseen = state();
    assertThatThrownBy(() -> newer.deploy(unseen, release(NEW, "1", "rev1")))
        .hasMessage(
            "postgres runs PostgreSQL 15, and the release brings 16 (postgres:16-alpine), which does not start on the data of another major version.");
    assertThatThrownBy(() -> newer.rollback(unseen, release(NEW, "1", "rev1")))
        .hasMessageContaining("the release brings 16");

    images.put("postgis:3", id("postgres", "2"));
    majors.put(id("postgres", "2"), "17");
    DeployPlanner other = postgresPlanner("postgis:3");
    HostState seen = state();
    assertThatThrownBy(() -> other.deploy(seen, release(NEW, "1", "rev1")))
        .hasMessageContaining("the release brings 17 (postgis:3)");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres:15.4, 15, postgres:15.5",
    "postgres:15.4, 15, postgis/postgis:16-3.4",
    "timescale/timescaledb:2.13.0-pg15, 15, timescale/timescaledb:2.14.0-pg15",
    "postgres:15.4, 15, postgres:latest",
    "bitnami/postgresql:15, '', bitnami/postgresql:16"
  })
  void letsAPostgresPassWhoseMajorVersionIsTheSameOrNotKnown(
      String standing, String major, String wanted) {
    containers.put("postgres", postgres(standing));
    if (!major.isEmpty()) {
      majors.put(id("postgres", "1"), major);
    }
    reconfigured = Set.of("postgres");
    described = Set.of("postgres");

    plan = postgresPlanner(wanted).deploy(state(), release(NEW, "1", "rev1"));

    assertThat(plan.toString()).contains("update postgres");
  }

  private static ContainerState postgres(String image) {
    return new ContainerState(
        "id-of-postgres", image, id("postgres", "1"), "running", Optional.empty(), Map.of(), 0, 0);
  }

  private static DeployPlanner postgresPlanner(String image) {
    return planner(
        SERVICES, Map.of("postgres", image), Map.of(), BackupSettings.Mode.RESTORE, Map.of());
  }

  @Test
  void refusesWhatComposeCannotChangeWhileItIsInUse() {
    redefined = Set.of("network default");
    HostState state = state();

    assertThatThrownBy(() -> planner.deploy(state, release(NEW, "2", "rev1")))
        .hasMessage("The compose file defines otherwise what is in use: network default.");
    current = Optional.of(release(NEW, "2", "rev1"));
    plan = planner.recovery(state(), release(OLD, "1", "rev1"), release(NEW, "2", "rev1"));
  }

  @Test
  void givesABuiltServiceTheVariablesThatSomebodyEdited() {
    edge = Optional.of(READY);
    variables = Map.of("backend", Set.of("SECRET_KEY", "MAIL"), "redis", Set.of("LEVEL"));

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString())
        .contains(
            "swap backend beside the running containers (backend: MAIL, SECRET_KEY changed in .env)")
        .contains("redis goes on with what LEVEL was when its container was made");
    plan = planner.recovery(state(), release(OLD, "1", "rev1"), release(NEW, "2", "rev1"));
    assertThat(plan.toString()).doesNotContain("swap");
    variables = Map.of("redis", Set.of("LEVEL"));
    plan = planner.deploy(state(), release(OLD, "1", "rev1"));
    assertThat(plan.nothingToDo()).isTrue();
    assertThat(plan.notes()).singleElement().asString().contains("`up -d --no-deps redis`");
  }

  @Test
  void bringsBackTheReleasesOwnContainerWhereSomebodyMadeAnother() {
    edge = Optional.of(READY);
    madeByHand = Set.of("backend", "redis");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.toString())
        .contains("(backend: its container was made by hand, with another configuration)")
        .doesNotContain("redis");
    plan = planner.rollback(state(), release(OLD, "1", "rev1"));
    assertThat(plan.nothingToDo()).isTrue();
  }

  /** Its database address may lead through one of them, such as a pool of connections. */
  @Test
  void startsWhatTheBackendDependsOnBeforeAMigration() {
    containers.remove("redis");
    edge = Optional.of(READY);

    plan = attaching(Map.of()).deploy(state(), release(NEW, "2", "rev2"));

    assertThat(plan.steps())
        .extracting(Step::what)
        .containsSubsequence(
            "start redis",
            "migrate the schema from rev1 to rev2",
            "swap backend beside the running containers")
        .doesNotContain("update redis");
  }

  @Test
  void seesADatabaseThatIsStoppedAndAFolderOfIt() {
    containers.put("postgres", container("postgres", "exited"));
    attachments.put("postgres", keeping("/var/lib/postgresql/data", "shop_pgdata"));
    HostState stopped = state();
    ReleaseManifest next = release(NEW, "2", "rev2");
    DeployPlanner renamed =
        attaching(Map.of("postgres", keeping("/var/lib/postgresql/data", "shop_other")));

    assertThatThrownBy(() -> renamed.deploy(stopped, next)).hasMessageContaining("shop_other");

    reconfigured = Set.of("postgres");
    attachments.put("postgres", keeping("/var/lib/postgresql/data", "/opt/shop/pgdata"));
    HostState folder = state();
    DeployPlanner moved =
        attaching(Map.of("postgres", keeping("/var/lib/postgresql/data", "./pg2")));
    DeployPlanner none = attaching(Map.of("postgres", on()));
    DeployPlanner same =
        attaching(Map.of("postgres", keeping("/var/lib/postgresql/data", "./pgdata")));
    assertThatThrownBy(() -> moved.deploy(folder, next)).hasMessageContaining("mounts ./pg2 there");
    assertThatThrownBy(() -> none.deploy(folder, next))
        .hasMessageContaining("mounts nothing there");
    plan = same.deploy(folder, next);
    for (String path :
        List.of(
            "/docker-entrypoint-initdb.d/a.sql",
            "/run/secrets/postgres_password",
            "/etc/postgresql/postgresql.conf")) {
      attachments.put("postgres", keeping(path, "/opt/shop/a.sql"));
      plan = none.deploy(state(), next);
      assertThat(plan.notes()).noneMatch(note -> note.contains("postgres"));
    }
  }

  @Test
  void runsNoJobAgainForWhatSomebodyEdited() {
    servesWithAJob();
    variables = Map.of("init", Set.of("SECRET_KEY"));
    madeByHand = Set.of("init");

    plan = planner.deploy(state(), release(OLD, "1", "rev1"));

    assertThat(plan.nothingToDo()).isTrue();
    assertThat(plan.notes()).isEmpty();
  }

  /** What is replaced before the swap, stopped or swapped too, has its new networks then. */
  @Test
  void takesForReachableWhatHasItsNewContainerByThen() {
    containers.put("redis", container("redis", "exited"));
    reconfigured = Set.of("redis");
    servesOnOneNetwork();
    attachments.put("nginx", on("shop_default", "shop_inner"));
    attachments.put("postgres", on("shop_default", "shop_inner"));

    plan =
        attaching(
                Map.of(
                    "backend",
                    on("shop_inner"),
                    "redis",
                    on("shop_inner"),
                    "nginx",
                    on("shop_inner")))
            .deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString()).contains("start redis", "swap backend");
  }

  @Test
  void bringsWhatAJobDependsOnBeforeTheJob() {
    servesWithAJob();
    reconfigured = Set.of("redis", "init");
    DeployPlanner needing =
        new DeployPlanner(
            composition(
                MORE_SERVICES,
                Map.of("redis", "redis:7.0"),
                Map.of("worker", "backend", "init", "backend"),
                Map.of(
                    "backend", new Replacement(Way.BESIDE, Optional.empty()),
                    "init", new Replacement(Way.AWAITED, Optional.empty())),
                Map.of("init", Set.of("redis")),
                Map.of(),
                Map.of()),
            BackupSettings.Mode.RESTORE);

    plan = needing.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .extracting(Step::what)
        .containsSubsequence(
            "update redis", "start init", "swap backend beside the running containers");
  }

  /** A planner with a service that joins another. */
  private DeployPlanner joining(String guest, Way way, String joined, Map<String, String> sharers) {
    List<String> services = List.of("postgres", "redis", "backend", "frontend", "nginx", guest);
    described = Set.copyOf(services);
    containers.put(guest, container("redis", "running"));
    edge = Optional.of(READY);
    return new DeployPlanner(
        composition(
            services,
            Map.of("postgres", "postgres:15", "redis", "redis:7.0", guest, "redis:7.0"),
            sharers,
            Map.of(
                "backend",
                new Replacement(Way.BESIDE, Optional.empty()),
                "nginx",
                new Replacement(Way.EDGE, Optional.of(EDGE_COST)),
                guest,
                new Replacement(way, Optional.of(new Cost(guest, "a pause", "so it is", "Wait.")))),
            Map.of(guest, Set.of(joined)),
            Map.of(guest, Set.of(joined)),
            Map.of()),
        BackupSettings.Mode.RESTORE);
  }

  /** It would go on in the network of the container that is gone, where nobody reaches it. */
  @Test
  void swapsWhatJoinsASwappedServiceWithIt() {
    DeployPlanner joining = joining("tunnel", Way.WITH_ANOTHER, "backend", Map.of());

    plan = joining.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString())
        .contains(
            "swap backend, tunnel beside the running containers (backend: image changed; tunnel: joins backend)");
    assertThat(plan.costs()).isEmpty();
  }

  @Test
  void swapsWhatIsNewAndJoinsASwappedServiceWithIt() {
    DeployPlanner joining = joining("tunnel", Way.WITH_ANOTHER, "backend", Map.of());
    containers.remove("tunnel");

    plan = joining.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString())
        .contains("swap backend, tunnel beside the running containers")
        .doesNotContain("start tunnel");
  }

  /** Two would write into one volume, and the new backend may need it to get well. */
  @Test
  void replacesInPlaceWhatIsJoinedByOneThatCannotStandTwice() {
    DeployPlanner joining = joining("proxy", Way.IN_PLACE, "backend", Map.of());

    plan = joining.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .filteredOn(Step.UpdateServices.class::isInstance)
        .singleElement()
        .satisfies(
            step ->
                assertThat(step)
                    .extracting("services", "unseen")
                    .containsExactly(List.of("backend", "proxy"), Set.of("proxy")));
    assertThat(plan.toString())
        .doesNotContain("swap backend")
        .contains("backend: failed requests until", "proxy joins it and cannot stand twice");
  }

  @Test
  void takesAVolumeWithoutANameForOneThatTwoWouldWriteTo() {
    DeployPlanner joining = joining("cache", Way.WITH_ANOTHER, "backend", Map.of());
    attachments.put("cache", keeping("/data", "a".repeat(64)));

    plan = joining.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString()).doesNotContain("swap backend").contains("update backend, cache");
  }

  /** Its code must not have worked when the release turns out to be ill. */
  @Test
  void bringsAWorkerThatJoinsTheBackendWhenTheNewOneIsThereAlone() {
    DeployPlanner joining =
        joining("worker", Way.WITH_ANOTHER, "backend", Map.of("worker", "backend"));
    containers.put("worker", container("backend", "running"));

    plan = joining.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.steps())
        .extracting(Step::what)
        .containsSubsequence(
            "swap backend beside the running containers",
            "let the old backend finish and go",
            "update worker");
    assertThat(plan.toString()).contains("(worker must find the new ones alone)");
  }

  @Test
  void bringsWhatJoinsTheEdgeAfterItAlsoWhereItIsNew() {
    DeployPlanner joining = joining("tunnel", Way.WITH_ANOTHER, "nginx", Map.of());
    reconfigured = Set.of("nginx");
    for (boolean there : new boolean[] {true, false}) {
      if (!there) {
        containers.remove("tunnel");
      }

      plan = joining.deploy(state(), release(NEW, "1", "rev1"));

      assertThat(plan.steps())
          .extracting(Step::what)
          .containsSubsequence("replace nginx, which is tried first", "update tunnel")
          .doesNotContain("start tunnel");
      assertThat(plan.toString().contains("tunnel: a pause")).isEqualTo(there);
    }
  }

  @Test
  void bringsBackWhatJoinsAContainerThatIsGone() {
    DeployPlanner joining = joining("tunnel", Way.WITH_ANOTHER, "backend", Map.of());
    stranded = Set.of("tunnel", "redis");

    plan = joining.deploy(state(), release(NEW, "1", "rev1"));

    assertThat(plan.toString()).contains("update tunnel (tunnel: what it joined is gone)");
    assertThat(plan.steps())
        .filteredOn(Step.UpdateServices.class::isInstance)
        .extracting("unseen")
        .containsExactly(Set.of("tunnel"));
  }

  /** A planner with a worker and a job that only a profile starts. */
  private DeployPlanner withProfiles() {
    described = Set.of("postgres", "redis", "backend", "worker", "seed", "frontend", "nginx");
    edge = Optional.of(READY);
    return new DeployPlanner(
        DeploymentBench.platform(
            """
            services:
              worker: {image: "${REGISTRY:?}/backend:${TAG:?}", command: celery, profiles: [jobs]}
              seed: {image: "${REGISTRY:?}/backend:${TAG:?}", restart: "no", profiles: [jobs]}
              postgres: {image: "postgres:15"}
              redis: {image: "redis:7.0"}
              backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
              frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
              nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"]}
            """));
  }

  /** Old code would go on working on the new schema. */
  @Test
  void updatesAWorkerOfAProfileThatRuns() {
    DeployPlanner planner = withProfiles();
    containers.put("worker", container("backend", "running"));
    containers.put("seed", ended(0));

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));

    assertThat(plan.toString())
        .contains("swap backend beside", "update worker (worker: image changed)")
        .doesNotContain("seed");
    assertThat(plan.mustBeWell()).contains("worker");

    has(release(NEW, "2", "rev1"));
    containers.put("backend", renewed("backend"));
    containers.put("worker", renewed("backend"));
    plan = planner.rollback(state(), release(OLD, "1", "rev1"));
    assertThat(plan.toString()).contains("update worker (worker: image changed)");
  }

  private static ContainerState renewed(String service) {
    return new ContainerState(
        "id-of-new-" + service,
        "registry.example/" + service + ":" + NEW,
        id(service, "2"),
        "running",
        Optional.empty(),
        Map.of(),
        0,
        0);
  }

  @Test
  void startsWhatAProfileOfTheServersVariablesStartsAndNoOther() {
    DeployPlanner planner = withProfiles();

    plan = planner.deploy(state(), release(NEW, "2", "rev1"));
    assertThat(plan.toString()).doesNotContain("worker", "seed");

    containers.put("worker", ended(0));
    plan = planner.deploy(state(), release(NEW, "2", "rev1"));
    assertThat(plan.toString()).doesNotContain("worker");

    containers.remove("worker");
    for (String active : List.of("jobs", "*")) {
      profiles = Set.of(active);
      plan = planner.deploy(state(), release(NEW, "2", "rev1"));
      assertThat(plan.toString())
          .contains("update worker (worker: no container)")
          .doesNotContain("seed");
    }
  }

  /** What it copies is what users see: not before the new backend is there, and on the way back. */
  @Test
  void runsAFrontendThatCopiesItsFilesAfterTheSwapAndOnTheWayBack() {
    edge = Optional.of(READY);
    containers.put("frontend", done("frontend"));
    DeployPlanner copying =
        new DeployPlanner(
            DeploymentBench.platform(
                """
                services:
                  postgres: {image: "postgres:15"}
                  redis: {image: "redis:7.0"}
                  backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
                  frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}", restart: "no"}
                  nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"], depends_on: {frontend: {condition: service_completed_successfully}}}
                """));
    reconfigured = Set.of("frontend");

    plan = copying.deploy(state(), release(NEW, "2", "rev1"));
    assertThat(plan.steps())
        .extracting(Step::what)
        .containsSubsequence("swap backend beside the running containers", "update frontend");
    assertThat(plan.mustBeWell()).doesNotContain("frontend");
    assertThat(plan.costs()).isEmpty();

    plan = copying.deploy(state(), release(NEW, "1", "rev1"));
    assertThat(plan.toString()).contains("start frontend").doesNotContain("swap");

    plan = copying.rollback(state(), release(OLD, "2", "rev1"));
    assertThat(plan.toString()).contains("update frontend");

    containers.put("frontend", container("frontend", "running"));
    plan = copying.deploy(state(), release(NEW, "2", "rev1"));
    assertThat(plan.costs())
        .singleElement()
        .satisfies(cost -> assertThat(cost.toString()).contains("is a job from now on"));
  }

  private static ContainerState done(String service) {
    return new ContainerState(
        "id-of-" + service,
        "registry.example/" + service + ":" + OLD,
        id(service, "1"),
        "exited",
        Optional.empty(),
        Map.of(),
        0,
        0);
  }
}
