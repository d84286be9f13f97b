package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.ExitCode;
import org.junit.jupiter.api.Test;

/** The story of a deployment with a job that needs the backend. */
class SeededDeploymentTest extends DeploymentBench {

  SeededDeploymentTest() {
    super(
        COMPOSE
            + "  seed: {image: \"${REGISTRY:?}/backend:${TAG:?}\", command: seed.sh, restart:"
            + " \"no\", depends_on: [backend]}\n");
  }

  /** Nothing is swapped then, and all the same another version serves. */
  @Test
  void takesBackABackendThatItHasStartedForAJobThatFails() {
    server.jobs.add("seed");
    server.sharing.put("seed", "backend");
    firstServes();
    server.containers.remove("backend");
    server.exitStatuses.put("sha256:backend2", 3);

    assertThat(deploy(second)).isEqualTo(ExitCode.ROLLED_BACK);

    assertThat(lines).contains("FAILED: Service seed ended with exit status 3.");
    assertThat(backendImage()).isEqualTo("sha256:backend1");
  }
}
