package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.deploy.PretendServer.Container;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The story of a deployment in which new containers stand beside the old ones. */
class SwappedDeploymentTest extends DeploymentBench {

  private static final String COMPOSE =
      """
      services:
        postgres: {image: "postgres:15"}
        redis: {image: "redis:15"}
        backend: {image: "${REGISTRY:?}/backend:${TAG:?}", depends_on: [postgres, redis]}
        frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
        nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"], depends_on: [backend]}
      """;

  SwappedDeploymentTest() {
    super(COMPOSE);
  }

  private String plan(ReleaseManifest release) {
    return deployment(Optional.empty()).plan(Action.DEPLOY, release).toString();
  }

  @Test
  void knowsWhatAKilledRunHasLeft() {
    firstServes();
    Host host = host(Optional.empty());
    assertThat(host.remains(history()).leaveDoubt()).isFalse();

    server.containers.put(
        "backend",
        new Container("registry.example/backend:" + SECOND, "sha256:backend2", "running"));
    assertThat(host.remains(history())).isEqualTo(new Remains(false, Set.of("sha256:backend2")));

    server.containers.put(
        "backend",
        new Container("registry.example/backend:" + FIRST, "sha256:backend1", "running"));
    server.swapping = true;
    assertThat(host.remains(history())).isEqualTo(new Remains(true, Set.of()));
  }

  private int at(String fragment) {
    return server.ran.indexOf(command(fragment));
  }

  @Test
  void readsTheProfilesOfTheServersVariables() {
    firstServes();
    server.composeFiles.put(
        SECOND,
        COMPOSE
            + "  worker: {image: \"${REGISTRY:?}/backend:${TAG:?}\", profiles: [jobs, more]}\n");
    assertThat(plan(second)).doesNotContain("worker");

    server.environmentFile.put("COMPOSE_PROFILES", "other, more");

    assertThat(plan(second)).contains("update worker (worker: no container)");
  }

  @Test
  void swapsTheBackendBesideTheOneThatServes() {
    firstServes();

    assertThat(plan(second))
        .contains("swap backend beside the running containers (backend: image changed)")
        .doesNotContain("What users will notice");
    server.ran.clear();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.beside).isEmpty();
    assertThat(server.refused).isEmpty();
    assertThat(server.swapping).isFalse();
    assertThat(at("docker start id-of-platform-v2-backend-1-next"))
        .isLessThan(at("docker stop id-of-backend"));
    assertThat(at("docker stop id-of-backend")).isLessThan(at("docker rename "));
    assertThat(server.ran)
        .noneMatch(command -> command.contains(" up -d"))
        .anyMatch(
            command ->
                command.endsWith(
                    " up --no-start --no-deps --no-build --no-recreate --scale backend=2 backend"));
  }

  @Test
  void takesTheOldOnesNameInAProjectThatIsCalledNext() {
    settings = "name: shop-next";
    server.project = "shop-next";
    firstServes();

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(server.names).containsEntry("backend", "shop-next-backend-1");
  }

  @Test
  void swapsAContainerWithAnotherNumberTwice() {
    firstServes();
    server.names.put("backend", "platform-v2-backend-2");

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(server.names).containsEntry("backend", "platform-v2-backend-1");
    assertThat(deployment(Optional.empty()).run(Action.ROLLBACK, first))
        .isEqualTo(ExitCode.SUCCESS);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.names).containsEntry("backend", "platform-v2-backend-1");
  }

  @Test
  void keepsTheEdgeFromTheNewOneUntilItIsWellAndThenFromTheOldOne() {
    firstServes();
    List<String> refused = new ArrayList<>();
    server.troubles.add(
        command -> {
          if (command.toString().contains("iptables-restore -w")) {
            refused.add(command.input().orElseThrow().reveal());
          }
          return Optional.empty();
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(refused)
        .containsExactly(
            rules(""), refusing("172.18.0.10"), refusing("172.18.0.9"), refusing("172.18.0.9"));
  }

  /** For so long it may go by an answer in which there is nobody but the old one. */
  @Test
  void switchesWhenTheEdgeMustHaveLookedUpTheNewOnesAddress() {
    firstServes();
    List<Instant> started = new ArrayList<>();
    List<Instant> switched = new ArrayList<>();
    server.troubles.add(
        command -> {
          if (command.toString().startsWith("docker start")) {
            started.add(clock.instant());
          }
          if (command.input().map(Secret::reveal).orElse("").equals(refusing("172.18.0.9"))) {
            switched.add(clock.instant());
          }
          return Optional.empty();
        });

    deploy(second);

    assertThat(started).hasSize(1);
    assertThat(switched.get(0)).isAfterOrEqualTo(started.get(0).plusSeconds(2));
  }

  private static String refusing(String address) {
    return rules("-A SLIPWAY -d " + address + " -p tcp --syn -j REJECT --reject-with tcp-reset\n");
  }

  private static String rules(String lines) {
    return "*filter\n:SLIPWAY - [0:0]\n" + lines + "COMMIT\n";
  }

  @Test
  void leavesTheOldOneAloneWhenTheNewOneIsIll() {
    firstServes();
    server.sick.add("sha256:backend2");

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    expectOldUntouched();
    assertThat(lines)
        .contains(
            "The last lines of backend:",
            "      the last words of backend",
            "Nothing was swapped: aaaaaaaaaaaa serves as before.")
        .anyMatch(line -> line.startsWith("FAILED: The health gate stayed shut for 10 s"));
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(lastEntry().serving()).contains(FIRST);
  }

  @Test
  void doesNotCallTheNewOneIllWhereItCannotBeAsked() {
    firstServes();
    server.forbidsTunnels = true;

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    expectOldUntouched();
    assertThat(lines)
        .contains("FAILED: It forbids to reach 172.18.0.10.")
        .noneMatch(line -> line.startsWith("The last lines of backend"))
        .noneMatch(line -> line.contains("health gate"));
  }

  @Test
  void keepsTheEdgeFromAnIllOneThatIsGoneUntilItsAddressIsForgotten() {
    firstServes();
    server.sick.add("sha256:backend2");
    List<Instant> gone = new ArrayList<>();
    List<Instant> admitted = new ArrayList<>();
    server.troubles.add(
        command -> {
          if (command.toString().contains("docker rm --force")) {
            gone.add(clock.instant());
          }
          if (command.toString().contains("-X SLIPWAY")) {
            Duration from =
                Duration.ofMillis(
                    Math.round(1000 * Double.parseDouble(command.arguments().get(4))));
            admitted.add(clock.instant().plus(from));
          }
          return Optional.empty();
        });

    deploy(second);

    assertThat(admitted).hasSize(1);
    assertThat(admitted.get(0)).isAfterOrEqualTo(gone.get(gone.size() - 1).plusSeconds(2));
  }

  @Test
  void runsTheHealthCheckItselfUntilTheEngineDoes() {
    firstServes();
    server.starting = true;
    server.failingChecks = 2;
    String check = "timeout 30 docker exec id-of-platform-v2-backend-1-next is-well";

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.ran).filteredOn(check::equals).hasSize(3);
  }

  @Test
  void leavesTheOldOneAloneWhenTheHealthCheckNeverSucceeds() {
    firstServes();
    server.starting = true;
    server.failingChecks = Integer.MAX_VALUE;

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    expectOldUntouched();
    assertThat(lines)
        .anyMatch(line -> line.contains("The new container of backend did not become healthy"));
  }

  @Test
  void leavesTheOldOneAloneWhenTheNewOneKeepsCrashing() {
    firstServes();
    server.crashes.put("sha256:backend2", 2);
    server.troubles.add(
        command -> {
          server.beside.replaceAll(
              (name, each) -> new Container(each.image(), each.imageId(), "restarting"));
          return Optional.empty();
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    expectOldUntouched();
    assertThat(lines)
        .contains("FAILED: The new container of backend keeps crashing: restarted 2 times.");
  }

  @Test
  void leavesTheOldOneAloneWhenTheNewOneAnswersAsAnother() {
    firstServes();
    server.versions.put("sha256:backend2", "1");

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

    expectOldUntouched();
    assertThat(lines).contains("      not yet: version 1 answers, not 2");
  }

  @Test
  void saysThatTheSchemaMovedThoughNothingWasSwapped() {
    firstServes();
    server.sick.add("sha256:backend2");

    assertThat(deploy(release(SECOND, "2", "rev2"))).isEqualTo(ExitCode.ROLLED_BACK_SCHEMA_MOVED);

    expectOldUntouched();
    assertThat(lines)
        .anyMatch(
            line -> line.startsWith("The schema was NOT reverted: it went from rev1 to rev2."));
  }

  @Test
  void leavesTheOldOneAloneWhenInterruptedWhileTheNewOneStarts() {
    firstServes();
    interruptAt("docker start");

    ExitCode code = deploy(second);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);
    expectOldUntouched();
    assertThat(server.lock).isEmpty();
  }

  @Test
  void leavesNothingOfACommandThatDidItsWorkAlthoughItWasCutShort() {
    for (String left : List.of("platform-v2-backend-2", "platform-v2-backend-1-next")) {
      firstServes();
      boolean compose = left.endsWith("2");
      once(
          compose ? " --scale backend=2" : "docker system dial-stdio",
          command -> {
            server.beside.put(
                left,
                new Container("registry.example/backend:" + SECOND, "sha256:backend2", "created"));
            Thread.currentThread().interrupt();
            throw PretendServer.interrupted(command);
          });

      assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);

      assertThat(Thread.interrupted()).isTrue();
      expectOldUntouched();
    }
  }

  @Test
  void goesBackToTheOldOneThatIsStillThereWhenTheEdgeAnswersAsAnother() {
    firstServes();
    answerOnceServing("sha256:backend2", "another");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    expectOldUntouched();
    assertThat(server.ran).filteredOn(command -> command.contains("--scale")).hasSize(1);
    assertThat(lines).contains("The last lines of backend:");
    assertThat(server.ran)
        .anyMatch(
            command ->
                command.contains("docker logs") && command.contains("platform-v2-backend-1-next"));
    assertThat(lastEntry().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @Test
  void turnsBackAtOnceWhenTheEdgeDoesNotReachTheNewOne() {
    firstServes();
    settings = "health: {budget: 10m}";
    server.knowsTheOldOneAlone = true;
    Instant began = clock.instant();

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(Duration.between(began, clock.instant())).isLessThan(Duration.ofSeconds(20));
    assertThat(lines)
        .anyMatch(line -> line.contains("The edge does not reach the new containers"))
        .noneMatch(line -> line.contains("The health gate"));
    List<String> turned =
        server.ran.stream().filter(command -> command.contains("iptables -w -F SLIPWAY")).toList();
    assertThat(turned.size()).isGreaterThanOrEqualTo(2);
    assertThat(server.ran.indexOf(turned.get(1)))
        .as("turned back before anything else is looked at")
        .isLessThan(at("docker logs"));
    expectOldUntouched();
  }

  /** The new edge may be the one that reaches it. */
  @Test
  void goesOnWhenTheEdgeThatDoesNotReachTheNewOneIsReplacedToo() {
    firstServes();
    server.knowsTheOldOneAlone = true;

    assertThat(deploy(withNewEdge())).isEqualTo(ExitCode.SUCCESS);
  }

  @Test
  void keepsTheNewOneAndLetsTheOldOneGoWhenInterruptedWhileThatDrains() {
    firstServes();
    interruptAt("/proc/net/tcp");

    ExitCode code = deploy(second);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(ExitCode.SERVING_INCOMPLETE);
    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.beside).isEmpty();
    assertThat(server.refused).isEmpty();
    assertThat(server.swapping).isFalse();
    assertThat(lastEntry().serving()).contains(SECOND);
  }

  @Test
  void drainsUntilTheDeadlineWhatItCannotLookAt() {
    firstServes();
    server.connections = "";

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(lines).anyMatch(line -> line.contains("after 30.0 s"));
    assertThat(server.ran)
        .anyMatch(command -> command.contains("docker exec \"$1\" cat /proc/net/tcp"))
        .anyMatch(command -> command.contains("--entrypoint cat \"$2\" /proc/net/tcp"));
  }

  @Test
  void swapsBackWhenTheOldOneHadToGoBeforeTheEdgeAnswersAsAnother() {
    firstServes();
    once("docker rename", command -> server.versions.put("sha256:backend2", "another"));

    assertThat(deploy(withNewEdge())).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.beside).isEmpty();
    assertThat(server.swapping).isFalse();
  }

  /** The new container answers well by itself, and otherwise behind the edge. */
  private void answerOnceServing(String image, String version) {
    server.troubles.add(
        command -> {
          if (server.refused.contains("172.18.0.9 ")) {
            server.versions.put(image, version);
          }
          return Optional.empty();
        });
  }

  @Test
  void finishesASwapThatWasCutOffBeforeTheOldOneWasStopped() {
    firstServes();
    leaveNext("running");

    assertThat(plan(first)).contains("1. tidy up after a swap that did not come to its end");
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.beside).isEmpty();
    assertThat(server.refused).isEmpty();
    assertThat(server.swapping).isFalse();
    lines.clear();
    assertThat(deploy(first)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines).containsExactly("Nothing to do: aaaaaaaaaaaa is serving.");
  }

  @Test
  void finishesASwapThatWasCutOffAfterTheOldOneWasStopped() {
    firstServes();
    leaveNext("running");
    server.containers.put(
        "backend", new Container("registry.example/backend:" + FIRST, "sha256:backend1", "exited"));

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.beside).isEmpty();
    assertThat(server.ran).noneMatch(command -> command.contains("--scale"));
  }

  @Test
  void finishesASwapThatWasCutOffWhileTheOldOneWasStopping() {
    firstServes();
    leaveNext("running");
    server.stopping = List.of("id-of-backend");

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.beside).isEmpty();
    assertThat(server.ran)
        .noneMatch(command -> command.contains("--scale"))
        .noneMatch(command -> command.startsWith("docker stop id-of-platform-v2-backend-1-next"));
  }

  @Test
  void doesNotGoBackToAContainerThatWasToldToStop() {
    firstServes();
    interruptAt("docker stop id-of-backend");

    ExitCode code = deploy(withNewEdge());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(code).isEqualTo(ExitCode.ROLLED_BACK);
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.ran).filteredOn(command -> command.contains("--scale backend=2")).hasSize(2);
    assertThat(server.beside).isEmpty();
    assertThat(server.refused).isEmpty();
    assertThat(server.swapping).isFalse();
  }

  private void leaveNext(String state) {
    server.swapping = true;
    server.refused = "something";
    server.images.put("sha256:backend2", "sha256:backend2");
    second.images().values().forEach(image -> server.images.put(image.pinned(), image.id()));
    server.beside.put(
        "platform-v2-backend-2",
        new Container("registry.example/backend:" + SECOND, "sha256:backend2", "created"));
    server.beside.put(
        "platform-v2-backend-1-next",
        new Container("registry.example/backend:" + SECOND, "sha256:backend2", state));
    server.ran.clear();
  }

  @Test
  void replacesTheEdgeLastAndTriesItFirst() {
    firstServes();
    ReleaseManifest both = withNewEdge();

    assertThat(plan(both))
        .contains(
            "What users will notice:\n  - nginx: up to 1 s without an answer, and what is still under way is cut off, since docker-compose.prod.yml:6");
    server.ran.clear();
    assertThat(deploy(both)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.containers.get("nginx"))
        .isEqualTo(new Container("registry.example/nginx:" + SECOND, "sha256:nginx2", "running"));
    assertThat(at("docker start id-of-platform-v2-nginx-1-trial"))
        .isGreaterThan(at("docker stop id-of-backend"))
        .isLessThan(at("docker stop --time 0"));
  }

  @Test
  void replacesAServiceWhoseConfigTheComposeFileDefinesOtherwise() {
    String before =
        COMPOSE.replace("\"redis:15\"", "\"redis:15\", configs: [tuning]")
            + "configs: {tuning: {content: maxmemory 1gb}}\n";
    server.composeFiles.replaceAll((commit, text) -> before);
    firstServes();

    server.composeFiles.put(SECOND, before.replace("1gb", "2gb"));

    assertThat(plan(second))
        .contains("redis (redis: what it mounts or reads its variables from changed)");
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(server.ran)
        .anyMatch(command -> command.contains("--force-recreate") && command.endsWith(" redis"));
  }

  @Test
  void goesOnWithContainersThatTheTeamsOwnUpHasMadeUnderAnotherTag() {
    firstServes();
    server.containers.put(
        "nginx", new Container("registry.example/nginx:another", "sha256:nginx1", "running"));
    assertThat(plan(second)).contains("swap backend").doesNotContain("nginx: ");

    server.environments.put("nginx", List.of("BY=hand"));
    assertThat(plan(second))
        .contains("(nginx: its container was made by hand, with another configuration)");
  }

  @ParameterizedTest
  @CsvSource({
    "${CONFIGURATION}, /opt/platform-v2/nginx.conf, true",
    "/opt/platform-v2/nginx.conf, '', true",
    "${PWD}/nginx.conf, '', true",
    "/etc/nginx/nginx.conf, /etc/nginx/nginx.conf, false"
  })
  void seesAChangedFileByWhateverPathTheEdgeMountsIt(String written, String mounted, boolean seen) {
    String mounting =
        COMPOSE.replace(
            "[\"80:8080\"]", "[\"80:8080\"], volumes: [\"" + written + ":/etc/nginx.conf\"]");
    server.composeFiles.replaceAll((commit, text) -> mounting);
    if (!mounted.isEmpty()) {
      server.mounts.put("nginx", List.of(mounted));
    }
    server.files.put(FIRST + ":nginx.conf", "blob 1");
    server.files.put(SECOND + ":nginx.conf", "blob 1");
    firstServes();
    assertThat(plan(second)).doesNotContain("replace nginx");

    server.files.put(SECOND + ":nginx.conf", "blob 2");

    String told = "(nginx: what it mounts or reads its variables from changed)";
    assertThat(plan(second).contains(told)).isEqualTo(seen);
  }

  @Test
  void replacesTheEdgeWhenTheFileThatItMountsChanged() {
    String mounting =
        COMPOSE.replace("[\"80:8080\"]", "[\"80:8080\"], volumes: [./nginx.conf:/etc/nginx.conf]");
    server.composeFiles.replaceAll((commit, text) -> mounting);
    server.files.put(FIRST + ":nginx.conf", "blob 1");
    server.files.put(SECOND + ":nginx.conf", "blob 1");
    firstServes();
    assertThat(plan(second)).doesNotContain("replace nginx");

    server.files.put(SECOND + ":nginx.conf", "blob 2");
    assertThat(server.commits).as("only here is the new file known").doesNotContain(SECOND);
    assertThat(plan(second))
        .contains(
            "replace nginx, which is tried first (nginx: what it mounts or reads its variables from changed)");
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.ran).anyMatch(command -> command.contains("docker stop --time 0"));
    lines.clear();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(lines).containsExactly("Nothing to do: bbbbbbbbbbbb is serving.");
  }

  @Test
  void leavesAnEdgeAloneWhoseSuccessorDoesNotStart() {
    firstServes();
    answer("docker start id-of-platform-v2-nginx-1-trial", new CommandResult(1, "", "emerg"));

    assertThat(deploy(withNewEdge())).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(server.ran).noneMatch(command -> command.contains("docker stop --time 0"));
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.beside).isEmpty();
  }

  @Test
  void neverRemovesTheEdgeThatRunsWhenInterruptedWhileItIsReplaced() {
    firstServes();
    once(
        "docker stop --time 0",
        command -> {
          server.containers.computeIfPresent(
              "nginx", (name, old) -> new Container(old.image(), old.imageId(), "exited"));
          server.ran.clear();
          Thread.currentThread().interrupt();
          throw PretendServer.interrupted(command);
        });

    assertThat(deploy(withNewEdge())).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(at("docker rename id-of-platform-v2-nginx-1-next"))
        .isLessThan(at("docker start id-of-platform-v2-nginx-1-trial"));
    assertThat(server.containers.get("nginx"))
        .isEqualTo(new Container("registry.example/nginx:" + FIRST, "sha256:nginx1", "running"));
    assertThat(server.beside).isEmpty();
    assertThat(server.swapping).isFalse();
  }

  @Test
  void leavesTheEdgeAloneOnTheWayBackWhenItsSuccessorWasOnlyTried() {
    firstServes();
    server.composeFiles.put(
        SECOND, COMPOSE.replace("[\"80:8080\"]", "[\"80:8080\"], stop_grace_period: 7s"));
    interruptAt("docker start id-of-platform-v2-nginx-1-trial");

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.ran).noneMatch(command -> command.contains("docker stop --time 0"));
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }

  private ReleaseManifest withNewEdge() {
    ReleasedImage edge =
        new ReleasedImage(
            "registry.example/nginx", SECOND, Optional.of("sha256:digest-nginx2"), "sha256:nginx2");
    server.registry.put(edge.pinned(), edge.id());
    Map<String, ReleasedImage> images = new TreeMap<>(second.images());
    images.put("nginx", edge);
    return new ReleaseManifest(
        SECOND,
        second.version(),
        images,
        second.schemaRevision(),
        second.variables(),
        second.createdAt());
  }

  @Test
  void saysBeforeWhatALiteralUpstreamCosts() {
    firstServes();
    server.edgeConfiguration =
        "# configuration file /etc/nginx/nginx.conf:\nhttp {\n  proxy_pass http://backend:8000/;\n}";

    assertThat(plan(second))
        .contains(
            "  - backend: nginx is reloaded three times, at which a POST over an idle connection may fail, since"
                + " /etc/nginx/nginx.conf:2 names it in `proxy_pass http://backend:8000/`, which is looked up once.");
    server.ran.clear();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    List<String> told =
        server.ran.stream()
            .map(
                command ->
                    command.replaceFirst(
                        "(?s).*(kill -HUP|-X SLIPWAY|iptables-restore -w|docker stop).*", "$1"))
            .filter(
                word ->
                    List.of("kill -HUP", "-X SLIPWAY", "iptables-restore -w", "docker stop")
                        .contains(word))
            .toList();
    assertThat(told)
        .as("whoever knows the old one alone is gone before that refuses")
        .containsExactly(
            "iptables-restore -w", // nothing new
            "iptables-restore -w", // not the new one
            "-X SLIPWAY",
            "kill -HUP",
            "iptables-restore -w", // not the old one
            "kill -HUP",
            "iptables-restore -w",
            "docker stop",
            "kill -HUP",
            "-X SLIPWAY");
  }

  @Test
  void takesEveryNameForLiteralWhereNginxIsStartedInAnotherWay() {
    firstServes();
    String said = "nginx: [emerg] open() \"/run/nginx.pid\" failed (30: Read-only file system)";
    answer("nginx -T", new CommandResult(1, "", said + "\nnginx: test failed"));

    assertThat(plan(second))
        .contains(
            "nginx is reloaded three times", "it is not known how the edge finds it: " + said);
  }

  @Test
  void takesEveryNameForLiteralWhileOneLeadsNowhere() {
    firstServes();
    String said = "nginx: [emerg] host not found in upstream \"old\" in /etc/nginx/site.conf:3";
    answer("nginx -T", new CommandResult(1, "", said + "\nnginx: test failed"));

    assertThat(plan(second))
        .contains(
            "  - backend: nginx is reloaded three times, at which a POST over an idle connection may fail, since"
                + " it is not known how the edge finds it: "
                + said
                + ". See that");
  }

  @Test
  void saysThatItDoesNotKnowAnEdgeWithoutNginx() {
    firstServes();
    answer("nginx -T", new CommandResult(127, "", "exec: \"nginx\": not found in $PATH"));

    assertThat(plan(second))
        .contains(
            "  - backend: a few requests may fail or hang, since it is not known how the edge finds"
                + " it: the edge has no nginx to ask.");
    assertThat(server.ran).noneMatch(command -> command.contains("HUP"));
  }

  @Test
  void findsALiteralUpstreamByTheNameOfItsContainer() {
    firstServes();
    server.edgeConfiguration = "http { proxy_pass http://Platform-V2-Backend-1.:8000/; }";

    assertThat(plan(second)).contains("nginx.conf:1 names it in `proxy_pass");
  }

  @Test
  void goesBackWhenNginxDoesNotLoadWhatLeadsToTheNewOne() {
    firstServes();
    server.edgeConfiguration = "http { proxy_pass http://backend:8000/; }";
    answer("--signal HUP", PretendServer.said("ignored"));

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    expectOldUntouched();
    assertThat(lines)
        .anyMatch(line -> line.contains("no new worker came within 30 s"))
        .anyMatch(line -> line.contains("`docker exec platform-v2-nginx-1 nginx -s reload`"));
    assertThat(server.ran)
        .as("nothing ever refused for the old one")
        .filteredOn(command -> command.contains("iptables-restore -w"))
        .hasSize(3);
  }

  @Test
  void tellsWhatNginxHasAgainstItsConfigurationWhenItDoesNotLoadIt() {
    firstServes();
    server.edgeConfiguration = "http { proxy_pass http://backend:8000/; }";
    String said = "nginx: [emerg] host not found in upstream \"front\" in /etc/nginx/nginx.conf:7";
    server.troubles.add(
        command -> {
          boolean told = server.ran.stream().anyMatch(each -> each.contains("--signal HUP"));
          if (command.toString().contains("--signal HUP")) {
            return Optional.of(PretendServer.said("ignored"));
          }
          return told && command.toString().endsWith("nginx -T")
              ? Optional.of(new CommandResult(1, "", said + "\nnginx: test failed"))
              : Optional.empty();
        });

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(lines)
        .anyMatch(
            line ->
                line.contains("nginx cannot load its configuration again") && line.contains(said));
  }

  @Test
  void refusesToSwapWhatSomebodyHasScaledByHandAndChangesNothing() {
    firstServes();
    server.beside.put(
        "platform-v2-backend-2",
        new Container("registry.example/backend:" + FIRST, "sha256:backend1", "running"));

    assertThatThrownBy(() -> deploy(second))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED))
        .hasMessageContaining("platform-v2-backend-1, platform-v2-backend-2");

    assertThat(server.head).isEqualTo(FIRST);
    assertThat(server.beside).hasSize(1);
    assertThat(server.lock).isEmpty();
  }

  @Test
  void keepsTheOldOneUntilTheGateIsPassed() {
    firstServes();

    assertThat(plan(second))
        .containsSubsequence(
            "swap backend",
            "wait until the edge answers",
            "move the registry's :latest",
            "let the old backend finish and go (");
  }

  @Test
  void letsTheOldOneGoBeforeTheGateWhereTheEdgeWouldAskIt() {
    firstServes();

    assertThat(plan(withNewEdge()))
        .containsSubsequence(
            "swap backend", "let the old backend finish and go (", "replace nginx", "wait until");
    answer("command -v iptables-restore", PretendServer.failed("not found"));
    assertThat(plan(second))
        .containsSubsequence("swap backend", "let the old backend finish", "wait until");
  }

  @Test
  void saysBeforeWhatAServerWithoutIptablesCosts() {
    firstServes();
    answer("command -v iptables-restore", PretendServer.failed("not found"));

    assertThat(plan(second)).contains("  - backend: a few requests may fail or hang");
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(server.ran).noneMatch(command -> command.contains("iptables-restore -w"));
  }

  @Test
  void saysBeforeWhatAnEdgeThatAsksForIpv6Costs() {
    firstServes();
    server.ipv6Address = "fd00::9";

    assertThat(plan(second))
        .contains(
            "  - backend: a few requests may fail or hang, since the edge may reach its old container by IPv6")
        .containsSubsequence("let the old backend finish", "wait until");
    server.edgeConfiguration = "resolver 127.0.0.11 valid=1s ipv6=off;";
    assertThat(plan(second)).doesNotContain("may fail");
  }

  @Test
  void startsWhatIsNotThereBeforeItSwaps() {
    firstServes();
    server.containers.remove("redis");

    String plan = plan(second);
    assertThat(plan.indexOf("start redis (redis: no container)"))
        .isPositive()
        .isLessThan(plan.indexOf("swap backend"));
  }

  @Test
  void stopsWithTheOldOneServingWhenComposeMakesNoSecondContainer() {
    firstServes();
    answer(" up --no-start", PretendServer.failed("no space left on device"));

    assertThat(deploy(second)).isEqualTo(ExitCode.FAILED_OLD_VERSION_SERVING);
    expectOldUntouched();
  }

  @Test
  void healsTheNextTimeWhenTheConnectionIsLostWhileTheOldOneStops() {
    firstServes();
    boolean[] lost = {false};
    PretendServer.Trouble cut =
        command -> {
          lost[0] |= command.toString().contains("docker stop id-of-backend");
          if (lost[0] && !command.toString().contains("rm -rf")) {
            throw new SlipwayException(ExitCode.UNKNOWN_STATE, "The connection was lost.", "Look.");
          }
          return Optional.empty();
        };
    server.troubles.add(cut);
    assertThat(deploy(second)).isEqualTo(ExitCode.SERVING_INCOMPLETE);
    server.troubles.remove(cut);
    server.lock = Optional.empty();

    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);

    assertThat(backendImage()).isEqualTo("sha256:backend2");
    assertThat(server.beside).isEmpty();
    assertThat(server.swapping).isFalse();
  }

  @Test
  void replacesNoEdgeWhileThatAnswersWithItsMaintenancePage() {
    firstServes();
    server.maintenance = true;

    assertThatThrownBy(() -> deploy(withNewEdge()))
        .hasMessageContaining("Maintenance is on, and this plan replaces nginx");

    assertThat(server.head).isEqualTo(FIRST);
    assertThat(server.lock).isEmpty();
  }

  private void expectOldUntouched() {
    assertThat(backendImage()).isEqualTo("sha256:backend1");
    assertThat(server.ran).noneMatch(command -> command.startsWith("docker stop id-of-backend"));
    assertThat(server.beside).isEmpty();
    assertThat(server.refused).isEmpty();
    assertThat(server.swapping).isFalse();
    assertThat(server.head).isEqualTo(FIRST);
    assertThat(latest).isEmpty();
  }
}
