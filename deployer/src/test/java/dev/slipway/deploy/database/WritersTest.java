package dev.slipway.deploy.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.DeploymentBench;
import dev.slipway.plan.ContainerState;
import dev.slipway.platform.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WritersTest {

  private static final Platform PLATFORM =
      DeploymentBench.platform(
          DeploymentBench.COMPOSE
              + """
                worker: {image: "${REGISTRY:?}/backend:${TAG:?}", restart: always}
                prestart: {image: "${REGISTRY:?}/backend:${TAG:?}", restart: "no"}
                shell: {image: "${REGISTRY:?}/backend:${TAG:?}", profiles: [tools]}
              """);

  private final Map<String, ContainerState> containers = new TreeMap<>();

  private void found(String service, String image, String state) {
    containers.put(
        service,
        new ContainerState(
            "id-of-" + service, image, image, state, Optional.empty(), Map.of(), 0, 0));
  }

  @Test
  void areTheBackendAndAllThatRunsItsImage() {
    found("backend", "backend2", "running");
    found("worker", "backend1", "restarting");
    found("prestart", "backend2", "running");
    found("gone", "backend2", "running");
    found("nginx", "nginx1", "running");

    Writers writers = Writers.among(containers, PLATFORM);

    assertThat(writers.services()).containsExactly("backend", "gone", "prestart", "worker");
    assertThat(writers.stopped()).isEmpty();
  }

  @Test
  void areThoseAsWellOfServicesThatThePlatformHasNoMore() {
    found("backend", "registry.example/backend:2", "running");
    found("old-worker", "registry.example/backend:1", "running");
    found("old-pages", "registry.example/frontend:1", "running");
    found("by-id", "sha256:" + "0f".repeat(32), "running");

    Writers writers = Writers.among(containers, PLATFORM);

    assertThat(writers.services()).containsExactly("backend", "old-worker");
    assertThat(writers.stopped()).isEmpty();
  }

  @Test
  void areThoseAsWellThatAreStoppedAndShouldRun() {
    found("backend", "backend2", "exited");
    found("worker", "backend2", "created");
    found("prestart", "backend2", "exited");
    found("shell", "backend2", "exited");
    found("gone", "backend2", "exited");
    found("redis", "redis", "exited");

    Writers writers = Writers.among(containers, PLATFORM);

    assertThat(writers.services()).containsExactly("backend", "worker");
    assertThat(writers.stopped()).containsExactlyInAnyOrder("backend", "worker");
    assertThat(Writers.among(Map.of(), PLATFORM).services()).isEmpty();
  }
}
