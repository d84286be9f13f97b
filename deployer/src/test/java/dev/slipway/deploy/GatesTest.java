package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.health.HealthGate;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.PublishedPort;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class GatesTest {

  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final PretendServer server = new PretendServer("/opt/platform-v2");
  private final List<String> lines = new ArrayList<>();
  private final Gates gates = gates(Optional.empty());

  @AfterEach
  void stop() {
    server.close();
  }

  private Gates gates(Optional<URI> healthUrl) {
    return gates(DeploymentBench.platform(DeploymentBench.COMPOSE), healthUrl);
  }

  private Gates gates(Platform platform, Optional<URI> healthUrl) {
    return new Gates(
        server,
        platform,
        new HealthGate("version", 3, Duration.ofSeconds(10), clock, clock),
        new DeploySettings(Optional.empty(), healthUrl, Optional.empty(), false),
        new DeployLog(lines::add, new Redaction(List.of())),
        clock,
        clock);
  }

  /** Passes the gate with a server on which version 2 is well. */
  private void pass(Optional<URI> healthUrl) {
    pass(gates(healthUrl));
  }

  private void pass(Gates asked) {
    pass(asked, Set.of(), "healthy");
  }

  /** The same where Redis has a container of which the engine says this. */
  private void pass(Gates asked, Set<String> mustBeWell, String redisHealth) {
    server.containers.put("backend", new PretendServer.Container("backend:2", "b2", "running"));
    server.versions.put("b2", "2");
    ReleaseManifest release =
        new ReleaseManifest(
            "b".repeat(40),
            Optional.of("2"),
            Map.of("backend", new ReleasedImage("backend", "2", Optional.empty(), "b2")),
            Optional.empty(),
            Map.of(),
            Instant.EPOCH);
    ContainerState edge =
        new ContainerState(
            "id",
            "nginx:2",
            "n2",
            "running",
            Optional.empty(),
            Map.of(8080, PublishedPort.of("", 80)),
            0,
            0);
    ContainerState redis =
        new ContainerState(
            "redis", "redis:15", "r15", "running", Optional.of(redisHealth), Map.of(), 0, 0);
    asked.pass(release, mustBeWell, () -> Map.of("nginx", edge, "redis", redis));
  }

  private static HttpServer answering(int status, String body) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
    return http;
  }

  private static URI address(HttpServer http) {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/health");
  }

  @Test
  void opensWhenTheServerIsWellAndThereIsNoPublicAddress() {
    pass(Optional.empty());

    assertThat(lines).isEmpty();
  }

  @Test
  void opensWhileAHealthCheckHasNotDecidedYet() {
    pass(gates, Set.of("nginx", "redis"), "starting");

    assertThat(lines).isEmpty();
  }

  @Test
  void staysShutWhileAServiceThatMustBeWellIsNot() {
    assertThatThrownBy(() -> pass(gates, Set.of("redis"), "unhealthy"))
        .hasMessageStartingWith(
            "The health gate stayed shut for 10 s, asked on the server itself:"
                + " service redis is unhealthy by its own health check.");
    assertThatThrownBy(() -> pass(gates, Set.of("postgres"), "healthy"))
        .hasMessageContaining("service postgres has no container.");
  }

  @Test
  void tellsWhatElseIsIllAndOpens() {
    pass(gates, Set.of("nginx"), "unhealthy");

    assertThat(lines)
        .containsExactly(
            "Service redis is unhealthy by its own health check, which is not held against this run;"
                + " `slipway logs redis` shows more.");
  }

  @Test
  void asksTheEdgeByTheNameThatSlipwayYmlGives() {
    Platform platform =
        DeploymentBench.platform(DeploymentBench.COMPOSE, "health: {host: api.platform.example}");

    pass(gates(platform, Optional.empty()));

    assertThat(server.askedByNames).isNotEmpty().containsOnly("api.platform.example");
  }

  @Test
  void opensWhenThePublicAddressShowsTheNewVersionToo() throws IOException {
    HttpServer outside = answering(200, "{\"version\":\"2\"}");
    try {
      pass(Optional.of(address(outside)));
    } finally {
      outside.stop(0);
    }

    assertThat(lines).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {\"version\":\"2\",\"redis\":\"down\"} | status 503",
        "502 | <html><title>Bad Gateway</title></html> | status 502",
        "200 | {\"version\":\"1\"} | 1",
        "200 | <html><title>Welcome</title></html> | Welcome"
      })
  void staysShutWhileThePublicAddressIsRed(int status, String body, String reason)
      throws IOException {
    HttpServer outside = answering(status, body);
    try {
      SlipwayException shut =
          catchThrowableOfType(SlipwayException.class, () -> pass(Optional.of(address(outside))));

      assertThat(shut.what())
          .startsWith("The health gate stayed shut for 10 s, asked at " + address(outside) + ": ")
          .contains(reason);
      assertThat(lines).singleElement().asString().contains(reason);
    } finally {
      outside.stop(0);
    }
  }

  private static ServiceSpec service(String name) {
    return Objects.requireNonNull(
        DeploymentBench.platform(DeploymentBench.COMPOSE).compose().services().get(name));
  }

  private static Optional<ContainerState> postgres(String health) {
    return Optional.of(
        new ContainerState(
            "id",
            "postgres:15",
            "sha256:postgres",
            "running",
            Optional.of(health),
            Map.of(),
            0,
            0));
  }

  @Test
  void waitsUntilAServiceIsHealthy() {
    int[] looks = {0};

    gates.awaitReady(service("postgres"), () -> postgres(looks[0]++ < 4 ? "starting" : "healthy"));

    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void waitsUntilAJobThatOthersWaitForIsDone() {
    String[] states = {"created", "running", "running", "exited"};
    int[] looks = {0};

    job("").awaitReady(init(""), () -> job(states[looks[0]++], 0));

    assertThat(looks[0]).isEqualTo(4);
  }

  @Test
  void endsTheWaitWithAJobThatFails() {
    assertThatThrownBy(() -> job("").awaitReady(init(""), () -> job("exited", 3)))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("Service init ended with exit status 3.");
    assertThat(clock.instant()).isEqualTo(start);
  }

  @Test
  void waitsForNothingOfAServiceThatMayEndAndRuns() {
    String free = ", restart: \"no\"";
    job(free).awaitReady(init(free), () -> job("running", 0));
    job(free).awaitReady(init(free), () -> job("exited", 0));

    assertThat(clock.instant()).isEqualTo(start);
  }

  private static Platform withJob(String free) {
    return DeploymentBench.platform(
        DeploymentBench.COMPOSE.replace(
                "depends_on: [backend]",
                free.isEmpty()
                    ? "depends_on: {init: {condition: service_completed_successfully}}"
                    : "depends_on: [backend]")
            + "  init: {image: \"init:1\""
            + free
            + "}\n");
  }

  private Gates job(String free) {
    return gates(withJob(free), Optional.empty());
  }

  private static ServiceSpec init(String free) {
    return Objects.requireNonNull(withJob(free).compose().services().get("init"));
  }

  private static Optional<ContainerState> job(String state, int status) {
    return Optional.of(
        new ContainerState("id", "init:1", "i", state, Optional.empty(), Map.of(), 0, status));
  }

  @Test
  void waitsThreeMinutesForAServiceHoweverLongALookTakes() {
    SlipwayException ended =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                gates.awaitReady(
                    service("postgres"),
                    () -> {
                      clock.accept(Duration.ofSeconds(20));
                      return postgres("starting");
                    }));

    assertThat(ended.what()).isEqualTo("Service postgres did not become healthy within 180 s.");
    assertThat(Duration.between(start, clock.instant()))
        .isBetween(Duration.ofSeconds(180), Duration.ofSeconds(201));
  }

  @Test
  void givesAJobThatOthersWaitForTheTimeOfAMigration() {
    job("").awaitReady(init(""), () -> job(after(Duration.ofMinutes(29)), 0));

    SlipwayException late =
        catchThrowableOfType(
            SlipwayException.class,
            () -> job("").awaitReady(init(""), () -> job(after(Duration.ofHours(2)), 0)));
    assertThat(late.what())
        .isEqualTo("Service init did not end within 1800 s (migrations.deadline in slipway.yml).");
  }

  private String after(Duration running) {
    clock.accept(Duration.ofSeconds(20));
    return clock.instant().isAfter(start.plus(running)) ? "exited" : "running";
  }

  private static final ReleaseManifest RELEASE =
      new ReleaseManifest(
          "b".repeat(40),
          Optional.empty(),
          Map.of("backend", new ReleasedImage("backend", "2", Optional.empty(), "b2")),
          Optional.empty(),
          Map.of(),
          Instant.EPOCH);

  @Test
  void findsWhatNeedsNothingUnwellByItsOwnHealthCheck() {
    Map<String, ContainerState> unhealthy = Map.of("backend", postgres("unhealthy").orElseThrow());

    assertThatThrownBy(() -> gates.glance(RELEASE, unhealthy))
        .hasMessageEndingWith("Service backend is unhealthy by its own health check.");
    assertThat(clock.instant()).isEqualTo(start);
  }

  @Test
  void staysShutWhenAWorkerInTheBackendsImageKeepsCrashing() {
    Platform platform =
        DeploymentBench.platform(
            DeploymentBench.COMPOSE
                + "  worker: {image: \"${REGISTRY:?}/backend:${TAG:?}\", command: celery}\n");
    server.containers.put("backend", new PretendServer.Container("backend:2", "b2", "running"));
    int[] restarts = {0};

    assertThatThrownBy(
            () ->
                gates(platform, Optional.empty())
                    .pass(
                        RELEASE,
                        Set.of(),
                        () ->
                            Map.of(
                                "nginx",
                                running("n", Map.of(8080, PublishedPort.of("", 80)), 0),
                                "worker",
                                running("w", Map.of(), restarts[0]++))))
        .hasMessageStartingWith("Service worker keeps crashing: restarted 3 times");
  }

  private static ContainerState running(
      String id, Map<Integer, PublishedPort> ports, int restarts) {
    return new ContainerState(
        id, id + ":2", id + "2", "running", Optional.empty(), ports, restarts, 0);
  }
}
