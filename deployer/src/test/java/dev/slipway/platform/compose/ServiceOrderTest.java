package dev.slipway.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ServiceOrderTest {

  private static List<String> order(String services) {
    return ServiceOrder.of(ComposeFile.parse("compose.yml", "services:\n" + services, Map.of()));
  }

  @Test
  void putsEachServiceAfterThoseItDependsOn() {
    assertThat(
            order(
                """
                  nginx: {image: n, depends_on: [frontend, backend]}
                  backend: {image: b, depends_on: {postgres: {condition: service_healthy}}}
                  frontend: {image: f}
                  postgres: {image: p}
                """
                    .indent(2)))
        .containsExactly("frontend", "postgres", "backend", "nginx");
  }

  @Test
  void putsEachServiceAfterThoseThatItJoins() {
    assertThat(
            order(
                """
                  tunnel: {image: t, network_mode: "service:nginx", pid: "service:agent"}
                  proxy: {image: p, network_mode: host, ipc: "container:other"}
                  agent: {image: a}
                  nginx: {image: n, depends_on: [backend]}
                  backend: {image: b}
                """
                    .indent(2)))
        .containsExactly("backend", "nginx", "agent", "tunnel", "proxy");
  }

  @Test
  void leavesOutServicesThatAreNotAlwaysStarted() {
    assertThat(order("  debug: {image: d, profiles: [debug]}\n  backend: {image: b}\n"))
        .containsExactly("backend");
  }

  @Test
  void leavesOutServicesThatAreScaledToNone() {
    assertThat(
            order(
                """
                  worker: {image: w, deploy: {replicas: 0}}
                  beat: {image: w, scale: 0}
                  backend: {image: b, scale: 2, depends_on: [worker]}
                """
                    .indent(2)))
        .containsExactly("backend");
  }

  @Test
  void knowsWhatAServiceNeedsAndNothingElse() {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              nginx: {image: n, depends_on: [backend]}
              backend: {image: b, depends_on: [pool]}
              pool: {image: p, depends_on: [postgres]}
              postgres: {image: p, profiles: [data]}
              redis: {image: r}
            """,
            Map.of());

    assertThat(
            ServiceOrder.before(compose, Objects.requireNonNull(compose.services().get("backend"))))
        .containsExactly("postgres", "pool");
  }

  @Test
  void breaksACircleWhereItCloses() {
    assertThat(
            order("  one: {image: a, depends_on: [two]}\n  two: {image: b, depends_on: [one]}\n"))
        .containsExactly("two", "one");
  }
}
