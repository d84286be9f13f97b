package dev.slipway.pipeline.rehearsal;

import static dev.slipway.pipeline.rehearsal.SampleReleases.all;
import static dev.slipway.pipeline.rehearsal.SampleReleases.budget;
import static dev.slipway.pipeline.rehearsal.SampleReleases.crash;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.rehearsal.Rehearsal.Candidate;
import dev.slipway.pipeline.rehearsal.Rehearsal.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deployments to a real server while people use the platform: nobody notices. */
@Tag("nightly")
@ExtendWith(ProductionExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class SwapIT {

  private static final int PER_SECOND = 50;

  private static final String COMPOSE =
      "cd /opt/platform-v2 && compose=$(docker compose version >/dev/null 2>&1 && echo docker compose ||"
          + " echo docker-compose) && $compose -f docker-compose.prod.yml ";

  /** Of RFC 6455's registry of close codes. */
  private static final int SERVICE_RESTART = 1012;

  private final Production production;
  private final SampleReleases releases;
  private final Candidate good;

  SwapIT(Production production) {
    this.production = production;
    this.releases = production.releases();
    this.good = production.good();
  }

  @BeforeEach
  void serveTheGoodRelease() {
    production.serveGood();
  }

  @AfterEach
  void leavesOneContainerForEachServiceAndNoRule() {
    assertThat(
            production.onServer(
                "docker ps --all --format '{{.Names}}' | grep -E 'next|trial|_2$|-2$' || true"))
        .isEmpty();
    assertThat(rules()).doesNotContain("SLIPWAY");
    assertThat(production.onServer("ls /opt/platform-v2/.slipway")).doesNotContain("swap");
  }

  private String rules() {
    return production.onServer(
        "nsenter -t $(docker inspect -f '{{.State.Pid}}' "
            + production.container("nginx")
            + ") -n iptables -S");
  }

  /**
   * What came of a run while people used the platform.
   *
   * @param failures the requests that were not answered well
   * @param requests how many were sent
   */
  private record Loaded(Outcome outcome, List<Load.Failure> failures, int requests) {}

  private Loaded loaded(Candidate candidate, String verb, int exitCode) throws IOException {
    try (Load load = Load.onSamplePlatform(production.rig().address(), PER_SECOND)) {
      Outcome outcome = load.during(() -> production.slipway(candidate, verb));
      List<Load.Failure> failures = load.failures();
      assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isEqualTo(exitCode);
      return new Loaded(outcome, failures, load.requests());
    }
  }

  private Outcome underLoad(Candidate candidate, String verb, int exitCode) throws IOException {
    Loaded seen = loaded(candidate, verb, exitCode);
    assertThat(seen.failures())
        .withFailMessage(
            "%d of %d requests failed: %s\n%s",
            seen.failures().size(), seen.requests(), seen.failures(), seen.outcome().text())
        .isEmpty();
    assertThat(seen.requests()).isGreaterThan(PER_SECOND);
    return seen.outcome();
  }

  @Test
  void losesNoRequestOnTheWayThereAndBack() throws IOException {
    Candidate next =
        production.candidate(
            releases.with("Say more", Map.of("backend/app/more.py", "MORE = True\n")));
    String postgres = production.container("postgres");
    String frontend = production.container("frontend");
    String edge = production.container("nginx");

    Outcome outcome = underLoad(next, "deploy", 0);

    assertThat(outcome.text()).contains("swap backend beside the running containers");
    assertThat(production.servedVersion()).isEqualTo(next.commit());
    assertThat(production.container("postgres")).isEqualTo(postgres);
    assertThat(production.container("frontend")).isEqualTo(frontend);
    assertThat(production.container("nginx")).isEqualTo(edge);
    expectWhatComposeWouldHaveLeft();

    underLoad(next, "rollback", 0);

    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    expectWhatComposeWouldHaveLeft();
  }

  /** Compose finds nothing to do, and its own commands find the service by its first number. */
  private void expectWhatComposeWouldHaveLeft() {
    String backend = production.container("backend");
    production.onServer(COMPOSE + "up -d 2>&1");
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.onServer(COMPOSE + "exec -T --index=1 backend printenv APP_VERSION"))
        .isEqualTo(production.servedVersion());
    assertThat(production.onServer("docker inspect -f '{{.Name}}' " + backend))
        .matches("/platform-v2[-_]backend[-_]1");
  }

  @Test
  void goesBackToTheContainerThatIsStillThereWhenTheGateStaysShut() throws IOException {
    Candidate red = production.candidate(releases.with("Be ill behind an edge", illBehindAnEdge()));
    String backend = production.container("backend");

    Outcome outcome = underLoad(red, "deploy", 4);

    assertThat(outcome.text())
        .contains(
            "The health gate stayed shut", "The last lines of backend:", "503 Service Unavailable")
        .doesNotContain("Nothing was swapped");
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    expectWhatComposeWouldHaveLeft();
  }

  /** Well when it is asked itself, and not when the edge asks; users notice nothing of it. */
  private Map<String, String> illBehindAnEdge() {
    return all(
        budget(10),
        releases.changed(
            "backend/app/main.py",
            "    app.include_router(health.router)\n",
            """
                @app.middleware("http")
                async def ill(request, call_next):
                    from fastapi.responses import JSONResponse
                    if request.url.path == "/health" and "x-forwarded-for" in request.headers:
                        return JSONResponse({"status": "ill"}, status_code=503)
                    return await call_next(request)

                app.include_router(health.router)
            """));
  }

  /** As most people write it; a response that outlives nginx's old workers is under way. */
  @Test
  void losesNothingButIdleConnectionsBehindLiteralUpstreams() throws Exception {
    Candidate next = another("Say other");
    Candidate red =
        production.candidate(
            releases.with(
                "Be ill behind literals",
                all(illBehindAnEdge(), Map.of("backend/app/ill.py", "ILL = True\n"))));
    production.query(
        "insert into orders (customer_id) select (select min(id) from customers) from generate_series(1, 40)");
    try (Closeable edge =
        edgeWith(
            "s,^  server {,  upstream kept { server backend:8000; keepalive 16; } server {,;"
                + "s,proxy_pass [$]backend,proxy_pass http://kept,;"
                + "s,proxy_pass [$]frontend,proxy_pass http://frontend:8080,")) {
      CompletableFuture<HttpResponse<String>> export =
          HttpClient.newHttpClient()
              .sendAsync(
                  Load.get(production.rig().address() + "/api/orders/export?rows_per_second=2"),
                  BodyHandlers.ofString());
      assertThat(underReloads(next, "deploy", 0)).contains("nginx is reloaded three times");
      assertThat(export.get().body().lines()).hasSizeGreaterThan(40);
      assertThat(production.servedVersion()).isEqualTo(next.commit());

      underReloads(red, "deploy", 4);
      assertThat(production.servedVersion()).isEqualTo(next.commit());

      // A server of Alpine: its ps does not list a container's processes.
      try (Closeable away = away("/usr/bin/ps")) {
        underReloads(next, "rollback", 0);
      }
      assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    } finally {
      production.query("delete from orders");
    }
  }

  /** Docker's own DNS tells an address for ten minutes. */
  @Test
  void losesNothingButIdleConnectionsBehindAResolverThatRemembers() throws IOException {
    Candidate next = another("Say something");
    try (Closeable edge = edgeWith("s, valid=1s,,")) {
      underReloads(next, "deploy", 0);
      assertThat(production.servedVersion()).isEqualTo(next.commit());
      underReloads(next, "rollback", 0);
      assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    }
  }

  /** The name that is in {@code docker ps}, which the new container takes only in the end. */
  @Test
  void losesNoRequestWhereTheEdgeKnowsTheContainerByItsName() throws IOException {
    Candidate next = another("Say it to whoever knows my name");
    String name = nameOf("backend").substring(1);
    try (Closeable edge = edgeWith("s,http://backend:8000,http://" + name + ":8000,")) {
      underLoad(next, "deploy", 0);
      assertThat(production.servedVersion()).isEqualTo(next.commit());
      underLoad(next, "rollback", 0);
      assertThat(production.servedVersion()).isEqualTo(Production.version(good));
    }
  }

  /** Compose 1.29 joins further networks and links only what it starts itself. */
  @Test
  void joinsEachNetworkAndKeepsLinks() throws IOException {
    String backend = "  backend:\n    <<: *service\n";
    String ports = "    ports:\n      - \"${HTTP_PORT:-80}:8080\"\n";
    Map<String, String> linked =
        all(
            releases.changed(
                "docker-compose.prod.yml", ports, "    links: [\"backend:api\"]\n" + ports),
            releases.changed(
                "nginx/nginx.conf",
                "set $backend http://backend:8000;",
                "set $backend http://api:8000;"));
    String compose = requireNonNull(linked.get("docker-compose.prod.yml"));
    Map<String, String> joined =
        Map.of(
            "docker-compose.prod.yml",
            compose
                .replace(backend, backend + "    networks: [platform, reports]\n")
                .replace("\nnetworks:\n", "\nnetworks:\n  reports:\n"));
    Candidate before = production.candidate(releases.with("Link", all(linked, joined)));
    Candidate next =
        production.candidate(
            releases.with(
                "Say it over a link",
                all(linked, joined, Map.of("backend/app/more.py", "MORE = 4\n"))));
    try {
      production.succeed(before, "deploy");
      assertThat(production.servedVersion()).isEqualTo(before.commit());

      underLoad(next, "deploy", 0);

      assertThat(production.servedVersion()).isEqualTo(next.commit());
      assertThat(
              production.onServer(
                  "docker inspect -f '{{json .NetworkSettings.Networks}}' "
                      + production.container("backend")))
          .contains("platform-v2_platform", "platform-v2_reports");
    } finally {
      production.succeed(next, "rollback", "--to", good.commit());
    }
  }

  /** It knows the old container's address alone, which no plan foresees. */
  @Test
  void turnsBackInSecondsWhenTheEdgeDoesNotReachTheNewContainer() throws IOException {
    Candidate next = another("Say it to nobody");
    String backend = production.container("backend");
    String address =
        production
            .onServer(
                "docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "
                    + backend)
            .strip();
    try (Closeable edge = edgeWith("s,http://backend:8000,http://" + address + ":8000,")) {
      Loaded seen = loaded(next, "deploy", 4);

      assertThat(seen.outcome().text())
          .contains("The edge does not reach the new containers")
          .doesNotContain("The health gate stayed shut");
      assertThat(production.container("backend")).isEqualTo(backend);
      assertThat(seen.failures())
          .as("requests that failed, of %d", seen.requests())
          .hasSizeLessThan(PER_SECOND * 30);
    }
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
  }

  /** Half of all requests would be lost for as long as both containers are there. */
  @Test
  void replacesInPlaceBehindAnEdgeThatTriesOneAddressAlone() throws IOException {
    Candidate next = another("Say it once");
    try (Closeable edge =
        edgeWith(
            "s,^  proxy_http_version 1.1;,  proxy_http_version 1.1; proxy_next_upstream off;,")) {
      String told = loaded(next, "deploy", 0).outcome().text();

      assertThat(told)
          .contains("update backend", "has `proxy_next_upstream off`")
          .doesNotContain("swap backend");
      assertThat(production.servedVersion()).isEqualTo(next.commit());
      production.succeed(next, "rollback");
    }
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
  }

  /** As users of certbot write it: the container's first process passes no signal on. */
  @Test
  void reloadsAnNginxThatIsNotTheFirstProcessOfItsContainer() throws IOException {
    String service = "  nginx:\n    <<: *service\n";
    Map<String, String> wrapped =
        releases.changed(
            "docker-compose.prod.yml",
            service,
            service
                + "    entrypoint: [/bin/sh, -c]\n"
                + "    command: [\"while :; do sleep 6h & wait $$!; done & nginx -g 'daemon off;'\"]\n");
    Candidate before = production.candidate(releases.with("Wrap the edge", wrapped));
    Candidate next =
        production.candidate(
            releases.with(
                "Say it behind a wrapped edge",
                all(wrapped, Map.of("backend/app/more.py", "MORE = 3\n"))));
    try {
      production.succeed(before, "deploy");
      inEdge(
          "sed -i \"s,proxy_pass [$]backend,proxy_pass http://backend:8000,\" /etc/nginx/nginx.conf");
      inEdge("nginx -s reload");

      assertThat(underReloads(next, "deploy", 0)).contains("nginx is reloaded three times");
      assertThat(production.servedVersion()).isEqualTo(next.commit());
      underReloads(next, "rollback", 0);
      assertThat(production.servedVersion()).isEqualTo(before.commit());
    } finally {
      production.succeed(next, "rollback", "--to", good.commit());
    }
  }

  /** As docker-rollout leaves it. */
  @Test
  void swapsAContainerWithAnotherNumberAgainAndAgain() throws IOException {
    Candidate next = another("Say it with another number");
    String first = production.container("backend");
    scaleBackend();

    Outcome refused = production.slipway(next, "plan");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.text()).contains("Service backend has several containers");

    production.onServer("docker stop " + first + " && docker rm " + first);
    assertThat(nameOf("backend")).matches("/platform-v2[-_]backend[-_]2");
    underLoad(next, "deploy", 0);
    expectWhatComposeWouldHaveLeft();
    underLoad(next, "rollback", 0);
    expectWhatComposeWouldHaveLeft();
  }

  private void scaleBackend() {
    production.onServer(COMPOSE + "up -d --no-deps --no-recreate --scale backend=2 backend 2>&1");
  }

  @Test
  void closesAWebsocketCleanlyWhenTheDrainIsOver() throws Exception {
    Candidate ticking =
        production.candidate(releases.with("Tick", websocket("TICK"), "websockets==17.4"));
    Candidate next =
        production.candidate(releases.with("Tick on", websocket("TOCK"), "websockets==17.4"));
    try (Closeable edge =
        edgeWith(
            "s,proxy_set_header Connection .*,proxy_set_header Connection upgrade; proxy_set_header Upgrade \\$http_upgrade;,")) {
      production.succeed(ticking, "deploy");
      Ticks old = Ticks.of(production.rig().address());
      String first = old.awaitOne();

      Outcome outcome = underLoad(next, "deploy", 0);

      assertThat(first).isEqualTo("TICK");
      assertThat(outcome.text()).contains("still open after 30.0 s");
      assertThat(old.awaitEnd()).as("the code of the close frame").isEqualTo(SERVICE_RESTART);
      assertThat(Ticks.of(production.rig().address()).awaitOne()).isEqualTo("TOCK");
    } finally {
      production.succeed(next, "rollback", "--to", good.commit());
    }
  }

  /** A backend that says a word twice a second to whoever listens. */
  private Map<String, String> websocket(String word) {
    return releases.changed(
        "backend/app/main.py",
        "    app.include_router(health.router)\n",
        """
            import asyncio
            from fastapi import WebSocket

            @app.websocket("/api/ticks")
            async def ticks(socket: WebSocket) -> None:
                await socket.accept()
                while True:
                    await socket.send_text("%s")
                    await asyncio.sleep(0.5)

            app.include_router(health.router)
        """
            .formatted(word));
  }

  /**
   * Compose sees no change in a file that is mounted, and the container goes on with the old one.
   */
  @ParameterizedTest
  @ValueSource(strings = {"./nginx", "/opt/platform-v2/nginx"})
  void replacesAnEdgeWhoseMountedConfigurationChanged(String folder) {
    String ports = "      - \"${HTTP_PORT:-80}:8080\"\n";
    Map<String, String> mounting =
        releases.changed(
            "docker-compose.prod.yml",
            ports,
            ports + "    volumes:\n      - " + folder + "/nginx.conf:/etc/nginx/nginx.conf:ro\n");
    Candidate before = production.candidate(releases.with("Mount", mounting));
    Candidate after =
        production.candidate(
            releases.with(
                "Mount another",
                all(
                    mounting,
                    releases.changed(
                        "nginx/nginx.conf", "keepalive_timeout 65s;", "keepalive_timeout 64s;"))));
    try {
      production.succeed(before, "deploy");
      assertThat(configuration()).contains("keepalive_timeout 65s;");

      assertThat(production.succeed(after, "deploy").text())
          .contains("replace nginx, which is tried first (nginx: what it mounts");
      assertThat(configuration()).contains("keepalive_timeout 64s;");
      assertThat(production.succeed(after, "deploy").text()).contains("Nothing to do");

      production.succeed(after, "rollback");
      assertThat(configuration()).contains("keepalive_timeout 65s;");
    } finally {
      production.succeed(after, "rollback", "--to", good.commit());
    }
  }

  @Test
  void bringsAWorkerAlongRunsAJobOnceAndKeepsUploads() {
    String more =
        """
            volumes: [/tmp/uploads]
          worker:
            <<: *service
            image: ${REGISTRY:?the images}/backend:${TAG:?the tag}
            command: [python, -c, "import signal; signal.pause()"]
            healthcheck: {test: [CMD, "true"], interval: 3s}
          cron:
            <<: *service
            image: ${REGISTRY:?the images}/backend:${TAG:?the tag}
            command: [python, -c, "import signal; signal.pause()"]
            healthcheck: {test: [CMD, "true"], interval: 3s}
            profiles: [jobs]
          init:
            image: redis:7.0
            command: ["true"]
            restart: "no"
        """;
    String grace = "    stop_grace_period: 30s\n";
    Map<String, String> working = releases.changed("docker-compose.prod.yml", grace, grace + more);
    Candidate before = production.candidate(releases.with("Work", working));
    Candidate after =
        production.candidate(
            releases.with(
                "Work more", all(working, Map.of("backend/app/more.py", "MORE = True\n"))));
    try {
      production.succeed(before, "deploy");
      inBackend("sh -c 'echo kept > /tmp/uploads/kept'");

      production.onServer(COMPOSE + "up -d --no-deps cron 2>&1");

      assertThat(production.succeed(after, "deploy").text())
          .contains(
              "worker: image changed", "cron: image changed", "worker: it stops and starts anew")
          .doesNotContain("init:");
      assertThat(imageOf("worker")).isEqualTo(imageOf("backend"));
      assertThat(imageOf("cron")).isEqualTo(imageOf("backend"));
      assertThat(inBackend("cat /tmp/uploads/kept")).isEqualTo("kept");
      assertThat(production.succeed(after, "deploy").text()).contains("Nothing to do");

      production.succeed(after, "rollback");
      assertThat(imageOf("worker")).isEqualTo(imageOf("backend"));
      assertThat(inBackend("cat /tmp/uploads/kept")).isEqualTo("kept");
    } finally {
      production.succeed(after, "rollback", "--to", good.commit());
      production.onServer(
          "docker rm --force $(docker ps --all --quiet --filter name=worker --filter name=cron --filter name=init)");
    }
  }

  @Test
  void bringsWhatJoinsAnotherContainerToTheNewOne() throws IOException {
    String more =
        """
          proxy:
            image: redis:7.0
            network_mode: "service:backend"
            tmpfs: /data
            command: [redis-server, --port, "6380"]
            healthcheck: {test: [CMD, redis-cli, -p, "6380", ping], interval: 3s}
          tunnel:
            image: redis:7.0
            network_mode: "service:nginx"
            tmpfs: /data
            command: [redis-server, --port, "6381"]
            healthcheck: {test: [CMD, redis-cli, -p, "6381", ping], interval: 3s}
        """;
    String grace = "    stop_grace_period: 30s\n";
    Map<String, String> joined = releases.changed("docker-compose.prod.yml", grace, grace + more);
    Map<String, String> backend = Map.of("backend/app/more.py", "MORE = True\n");
    Map<String, String> edge =
        releases.changed("nginx/nginx.conf", "keepalive_timeout 65s;", "keepalive_timeout 64s;");
    try {
      production.succeed(
          production.candidate(releases.with("Join", all(joined, backend))), "deploy");
      expectJoined("proxy", "backend");
      expectJoined("tunnel", "nginx");

      Outcome outcome =
          underLoad(production.candidate(releases.with("Join on", joined)), "deploy", 0);
      assertThat(outcome.text()).contains("swap backend, proxy beside the running containers");
      expectJoined("proxy", "backend");

      production.succeed(
          production.candidate(releases.with("Join the edge", all(joined, edge))), "deploy");
      expectJoined("proxy", "backend");
      expectJoined("tunnel", "nginx");
    } finally {
      production.succeed(good, "rollback", "--to", good.commit());
      production.onServer(
          "docker rm --force $(docker ps --all --quiet --filter name=proxy --filter name=tunnel)");
    }
  }

  private void expectJoined(String guest, String service) {
    assertThat(
            production.onServer(
                "docker inspect -f '{{.HostConfig.NetworkMode}}' " + production.container(guest)))
        .isEqualTo("container:" + production.container(service));
  }

  @Test
  void takesWhatSomebodyEditedOnTheServer() throws IOException {
    String file = "/opt/platform-v2/.env";
    production.onServer(
        "cp -p FILE FILE.away && sed -i 's/^SECRET_KEY=.*/&0123456789/' FILE"
            .replace("FILE", file));
    try {
      String text = underLoad(good, "deploy", 0).text();

      assertThat(text).contains("(backend: SECRET_KEY changed in .env)");
      assertThat(inBackend("printenv SECRET_KEY")).endsWith("0123456789");
      assertThat(production.succeed(good, "deploy").text()).contains("Nothing to do");

      production.onServer(
          "echo 'services: {backend: {environment: {LEVEL: debug}}}' > /tmp/more.yml && "
              + COMPOSE
              + "-f /tmp/more.yml up -d --no-deps backend");
      assertThat(inBackend("printenv LEVEL")).isEqualTo("debug");
      assertThat(production.succeed(good, "deploy").text())
          .contains("(backend: its container was made by hand, with another configuration)");
      assertThat(inBackend("sh -c 'echo \"<$LEVEL>\"'")).isEqualTo("<>");
      assertThat(production.succeed(good, "status").text()).doesNotContain("by hand");
    } finally {
      production.onServer("mv FILE.away FILE".replace("FILE", file));
      production.succeed(good, "deploy");
    }
    assertThat(inBackend("printenv SECRET_KEY")).doesNotEndWith("0123456789");
  }

  /** The new backend cannot get well beside the old cache. */
  @Test
  void bringsTheCacheThatTheNewBackendNeedsBeforeIt() {
    String compose = "docker-compose.prod.yml";
    String moved =
        requireNonNull(releases.changed(compose, "redis:6379", "redis:6380").get(compose))
            .replace("\"redis-server\", ", "\"redis-server\", \"--port\", \"6380\", ")
            .replace("redis-cli ping", "redis-cli -p 6380 ping");
    Candidate after = production.candidate(releases.with("Move it", Map.of(compose, moved)));
    try {
      assertThat(production.succeed(after, "deploy").text())
          .containsSubsequence("update redis", "swap backend");
      assertThat(production.servedVersion()).isEqualTo(after.commit());
    } finally {
      production.succeed(after, "rollback", "--to", good.commit());
    }
  }

  @Test
  void goesBackWhenTheWorkerOfTheNewReleaseCrashes() {
    String grace = "    stop_grace_period: 30s\n";
    Map<String, String> working = worker(grace, "import signal; signal.pause()");
    Candidate before = production.candidate(releases.with("Work", working));
    Candidate after =
        production.candidate(
            releases.with(
                "Work no more",
                all(
                    worker(grace, "import time; time.sleep(1); raise SystemExit('no broker')"),
                    Map.of("backend/app/more.py", "MORE = None\n"))));
    try {
      production.succeed(before, "deploy");

      Outcome outcome = production.slipway(after, "deploy");

      assertThat(outcome.exitCode()).withFailMessage("%s", outcome.text()).isEqualTo(4);
      assertThat(outcome.text()).contains("Service worker keeps crashing", "no broker");
      assertThat(imageOf("worker")).isEqualTo(imageOf("backend"));
      assertThat(production.servedVersion()).isEqualTo(before.commit());
    } finally {
      production.succeed(before, "rollback", "--to", good.commit());
    }
    assertThat(production.onServer("docker ps --all --quiet --filter name=worker")).isBlank();
  }

  /** A platform with a worker that runs this program and has no health check. */
  private Map<String, String> worker(String before, String program) {
    String worker =
        """
          worker:
            <<: *service
            image: ${REGISTRY:?the images}/backend:${TAG:?the tag}
            command: [python, -c, "%s"]
            healthcheck: {disable: true}
        """
            .formatted(program);
    return releases.changed("docker-compose.prod.yml", before, before + worker);
  }

  @Test
  void losesNoRequestWhereAFixedNameIsTakenOut() throws IOException {
    String service = "  backend:\n    <<: *service\n";
    Candidate named =
        production.candidate(
            releases.with(
                "Name it",
                releases.changed(
                    "docker-compose.prod.yml", service, service + "    container_name: api\n")));
    Candidate unnamed =
        production.candidate(
            releases.with("Name it no more", Map.of("backend/app/more.py", "MORE = 2\n")));
    try {
      assertThat(production.succeed(named, "deploy").text())
          .contains("gives its container a fixed name");
      assertThat(nameOf("backend")).isEqualTo("/api");

      underLoad(unnamed, "deploy", 0);

      assertThat(nameOf("backend")).matches("/platform-v2[-_]backend[-_]1");
      assertThat(production.succeed(unnamed, "deploy").text()).contains("Nothing to do");
    } finally {
      production.succeed(unnamed, "rollback", "--to", good.commit());
    }
  }

  private String nameOf(String service) {
    return production
        .onServer("docker inspect -f '{{.Name}}' " + production.container(service))
        .strip();
  }

  private String imageOf(String service) {
    return production.onServer("docker inspect -f '{{.Image}}' " + production.container(service));
  }

  private String inBackend(String command) {
    return production
        .onServer("docker exec --user 0 " + production.container("backend") + " " + command)
        .strip();
  }

  private String configuration() {
    return production.onServer(
        "docker exec " + production.container("nginx") + " cat /etc/nginx/nginx.conf");
  }

  @Test
  void swapsOnAServerWhereNobodyRefusesConnections() throws IOException {
    Candidate next = another("Say it openly");
    try (Closeable away = away("/usr/sbin/iptables-restore")) {
      Loaded seen = loaded(next, "deploy", 0);

      assertThat(seen.outcome().text())
          .containsSubsequence("let the old backend finish and go", "wait until the edge answers")
          .contains("a few requests may fail or hang");
      assertThat(seen.failures()).as("of %d requests", seen.requests()).hasSizeLessThan(PER_SECOND);
      assertThat(production.servedVersion()).isEqualTo(next.commit());
    }
    production.succeed(next, "rollback");
  }

  private Candidate another(String title) {
    return production.candidate(
        releases.with(title, Map.of("backend/app/other.py", "OTHER = \"" + title + "\"\n")));
  }

  /** Has the edge work by another configuration until it is closed. */
  private Closeable edgeWith(String change) {
    inEdge("cp /etc/nginx/nginx.conf /tmp/kept");
    inEdge("sed -i \"" + change + "\" /etc/nginx/nginx.conf && kill -HUP 1");
    return () -> inEdge("cat /tmp/kept > /etc/nginx/nginx.conf && kill -HUP 1");
  }

  /** Takes a program from the server until it is closed. */
  private Closeable away(String program) {
    production.onServer("mv " + program + " " + program + ".away");
    return () -> production.onServer("mv " + program + ".away " + program);
  }

  /** The plan told that nginx may close an idle connection on which a request is on its way. */
  private String underReloads(Candidate candidate, String verb, int exitCode) throws IOException {
    Loaded seen = loaded(candidate, verb, exitCode);
    assertThat(seen.failures())
        .as(
            "requests that nginx answered badly, of %d; it says:\n%s",
            seen.requests(), edgesErrors())
        .noneMatch(failure -> failure.what().contains("status"));
    assertThat(seen.failures())
        .as("closed connections")
        .hasSizeLessThan(Math.max(1, seen.requests() / 100));
    return seen.outcome().text();
  }

  private String edgesErrors() {
    return production.onServer(
        "docker logs --since 5m "
            + production.container("nginx")
            + " 2>&1 | grep -E '\\[(error|crit|alert|emerg)\\]' | tail -n 40 || true");
  }

  private void inEdge(String script) {
    production.onServer(
        "docker exec -u root " + production.container("nginx") + " sh -c '" + script + "'");
  }

  @Test
  void losesNoRequestWhenTheReleaseCrashes() throws IOException {
    Candidate crashing =
        production.candidate(releases.with("Crash at the start", all(budget(40), crash())));
    String backend = production.container("backend");

    Outcome outcome = underLoad(crashing, "deploy", 3);

    assertThat(outcome.text())
        .contains(
            "The last lines of backend:", "the settings name no price list", "Nothing was swapped");
    assertThat(production.container("backend")).isEqualTo(backend);
    assertThat(production.servedVersion()).isEqualTo(Production.version(good));
  }
}
