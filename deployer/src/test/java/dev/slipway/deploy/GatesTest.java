package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.health.HealthGate;
import dev.slipway.plan.ContainerState;
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
import java.util.Optional;
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
    return new Gates(
        server,
        DeploymentBench.platform(DeploymentBench.COMPOSE),
        new HealthGate("version", 3, Duration.ofSeconds(10), clock, clock),
        new DeploySettings(Optional.empty(), healthUrl),
        new DeployLog(lines::add, new Redaction(List.of())),
        clock,
        clock);
  }

  /** Passes the gate with a server on which version 2 is well. */
  private void pass(Optional<URI> healthUrl) {
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
        new ContainerState("id", "nginx:2", "n2", "running", Optional.empty(), Map.of(8080, 80), 0);
    gates(healthUrl).pass(release, () -> Map.of("nginx", edge));
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

  private static Optional<ContainerState> postgres(String health) {
    return Optional.of(
        new ContainerState(
            "id", "postgres:15", "sha256:postgres", "running", Optional.of(health), Map.of(), 0));
  }

  @Test
  void waitsUntilAServiceIsHealthy() {
    int[] looks = {0};

    gates.awaitHealthy("postgres", () -> postgres(looks[0]++ < 4 ? "starting" : "healthy"));

    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void waitsThreeMinutesForAServiceHoweverLongALookTakes() {
    SlipwayException ended =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                gates.awaitHealthy(
                    "postgres",
                    () -> {
                      clock.accept(Duration.ofSeconds(20));
                      return postgres("starting");
                    }));

    assertThat(ended.what()).isEqualTo("Service postgres did not become healthy within 180 s.");
    assertThat(Duration.between(start, clock.instant()))
        .isBetween(Duration.ofSeconds(180), Duration.ofSeconds(201));
  }
}
