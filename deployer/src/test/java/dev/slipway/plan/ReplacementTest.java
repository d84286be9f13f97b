package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.DeploymentBench;
import dev.slipway.plan.Replacement.Way;
import dev.slipway.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the compose file lets a service be replaced. */
class ReplacementTest {

  private static Platform platform(String backend, String more) {
    return DeploymentBench.platform(
        """
        services:
          postgres: {image: "postgres:15"}
          redis: {image: "redis:7.0"}
          backend: {image: "${REGISTRY:?}/backend:${TAG:?}"%s}
          frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
          nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["80:8080"]}
        """
                .formatted(backend)
            + more);
  }

  private static Replacement of(Platform platform, String service) {
    return Objects.requireNonNull(
        Replacement.of(platform.compose(), platform.services()).get(service));
  }

  @Test
  void swapsWhatTheEdgeLeadsTo() {
    assertThat(of(platform("", ""), "backend").way()).isEqualTo(Way.BESIDE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network_mode: host",
        "networks: {inner: {ipv4_address: 172.20.0.5}}",
        "scale: 2",
        "deploy: {replicas: 3}",
        "container_name: backend",
        "ports: [\"8000:8000\"]"
      })
  void replacesInPlaceWhatCannotStandBesideItselfAndNamesTheLine(String key) {
    Replacement backend = of(platform(", " + key, ""), "backend");

    assertThat(backend.way()).isEqualTo(Way.IN_PLACE);
    assertThat(backend.cost())
        .hasValueSatisfying(
            cost -> assertThat(cost.toString()).contains("docker-compose.prod.yml:4"));
  }

  @Test
  void takesNoServiceWithARoleOrAHealthCheckForAJob() {
    Platform platform =
        DeploymentBench.platform(
            DeploymentBench.COMPOSE.replace(
                    "{image: \"postgres:15\"}", "{image: \"postgres:15\", restart: \"no\"}")
                + "  queue: {image: \"queue:1\", restart: \"no\", healthcheck: {test: [CMD, \"true\"]}}\n");

    assertThat(of(platform, "postgres").way()).isEqualTo(Way.IN_PLACE);
    assertThat(of(platform, "queue").way()).isEqualTo(Way.IN_PLACE);
  }

  /** One that serves may have no restart policy either. */
  @Test
  void takesAFrontendForAJobOnlyWhereOthersWaitForItsEnd() {
    String service = "{image: \"${REGISTRY:?}/frontend:${TAG:?}\"";
    String serving = DeploymentBench.COMPOSE.replace(service, service + ", restart: \"no\"");
    String copying =
        serving
            + "  web: {image: \"w:1\", depends_on: {frontend: {condition: service_completed_successfully}}}\n";

    assertThat(of(DeploymentBench.platform(serving), "frontend").way()).isEqualTo(Way.BESIDE);
    assertThat(of(DeploymentBench.platform(copying), "frontend").way()).isEqualTo(Way.PUBLISHED);
  }

  @Test
  void knowsTheEdgeThatIsReplacedInPlace() {
    Platform platform =
        DeploymentBench.platform(
            DeploymentBench.COMPOSE.replace(
                "ports: [\"80:8080\"]", "container_name: nginx, ports: [\"80:8080\"]"));

    assertThat(of(platform, "nginx").way()).isEqualTo(Way.EDGE_IN_PLACE);
  }

  @Test
  void saysThatAServiceWithoutARoleStopsForAWhile() {
    Replacement mail = of(platform("", "  mail: {image: \"mail:1\", restart: always}"), "mail");

    assertThat(mail.way()).isEqualTo(Way.IN_PLACE);
    assertThat(mail.cost())
        .map(Cost::toString)
        .hasValueSatisfying(cost -> assertThat(cost).contains("it stops and starts anew"));
  }

  /** Of what writes into a volume, two at once would spoil what it keeps. */
  @Test
  void letsWhatJoinsAnotherStandTwiceUnlessItHasANameOrWrites() {
    String tunnel = "  tunnel: {image: \"tunnel:1\", network_mode: \"service:backend\"%s}\n";

    assertThat(of(platform("", tunnel.formatted("")), "tunnel").way()).isEqualTo(Way.WITH_ANOTHER);
    assertThat(
            of(platform("", tunnel.formatted(", volumes: [\"./conf:/conf:ro\"]")), "tunnel").way())
        .isEqualTo(Way.WITH_ANOTHER);
    for (String more :
        List.of(", container_name: tunnel", ", volumes: [\"keys:/keys\"]", ", scale: 2")) {
      assertThat(of(platform("", tunnel.formatted(more)), "tunnel").way()).isEqualTo(Way.IN_PLACE);
    }
    assertThat(of(platform("", "  mail: {image: \"m:1\", network_mode: host}\n"), "mail").way())
        .isEqualTo(Way.IN_PLACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  init: {image: \"init:1\", restart: \"no\"}",
        "  init: {image: \"init:1\"}\n  web: {image: \"web:1\", depends_on: {init: {condition: service_completed_successfully}}}"
      })
  void runsAgainWhatDoesItsWorkAndEnds(String init) {
    assertThat(of(platform("", init), "init").ends()).isTrue();
    assertThat(of(platform("", init), "init").cost()).isEmpty();
  }

  @Test
  void knowsWhoRunsTheImageOfAnother() {
    Platform platform =
        platform(
            "",
            """
            worker: {image: "${REGISTRY}/backend:${TAG}", command: celery}
            beat: {image: "$REGISTRY/backend:${TAG:?set it}"}
            pinned: {image: "${REGISTRY:?}/backend:1.2"}
            """
                .indent(2));

    assertThat(platform.sharers())
        .containsOnly(Map.entry("worker", "backend"), Map.entry("beat", "backend"));
    assertThat(platform.foreignImages()).doesNotContainKeys("worker", "beat");
  }

  @Test
  void knowsAJobForWhichOthersWait() {
    Platform platform =
        platform(
            ", depends_on: {init: {condition: service_completed_successfully}}",
            "  init: {image: \"init:1\"}\n  once: {image: \"once:1\", restart: \"no\"}\n");

    assertThat(of(platform, "init").way()).isEqualTo(Way.AWAITED);
    assertThat(of(platform, "once").way()).isEqualTo(Way.ONCE);
  }
}
