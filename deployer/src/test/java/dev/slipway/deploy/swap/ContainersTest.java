package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainersTest {

  private static Instance backend(String name, String state, int number) {
    return new Instance(
        Json.tree(
            """
            {"Id": "%1$s", "Name": "/%1$s", "State": {"Status": "%2$s"}, "Config": {"Labels": {
              "com.docker.compose.service": "backend", "com.docker.compose.container-number": "%3$d"}}}
            """
                .formatted(name, state, number)));
  }

  private static Containers of(Instance... all) {
    return new Containers(List.of(all), Set.of());
  }

  @Test
  void namesTheOneThatServesFirstOfSeveral() {
    assertThat(
            of(backend("shop-backend-1", "exited", 1), backend("shop-backend-2", "running", 2))
                .several())
        .isEqualTo(Map.of("backend", List.of("shop-backend-2", "shop-backend-1")));
  }

  /** Compose gives the first number where the one that serves has the second. */
  @Test
  void takesWhatComposeMadeBesideARunningOneForSpareWhateverItsNumber() {
    Instance made = backend("shop-backend-1", "created", 1);
    Containers containers = of(made, backend("shop-backend-2", "running", 2));

    assertThat(containers.spare()).containsExactly(made);
    assertThat(containers.several()).isEmpty();
  }

  @Test
  void takesNeitherTheOnlyOneNorANewOneForSpare() {
    assertThat(of(backend("shop-backend-1", "created", 1)).spare()).isEmpty();
    assertThat(
            of(
                    backend("shop-backend-1-next", "created", 1),
                    backend("shop-backend-1", "running", 1))
                .spare())
        .isEmpty();
  }
}
