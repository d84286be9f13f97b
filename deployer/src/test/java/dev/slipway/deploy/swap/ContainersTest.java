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

  private static Instance one(String id, String joins, String started) {
    return new Instance(
        Json.tree(
            """
            {"Id": "%1$s", "Name": "/shop-%1$s-1", "HostConfig": {"PidMode": "%2$s"},
              "State": {"Status": "running", "StartedAt": "2026-01-01T00:00:%3$sZ"},
              "Config": {"Labels": {"com.docker.compose.service": "%1$s"}}}
            """
                .formatted(id, joins, started)));
  }

  @Test
  void knowsWhatRunsInTheRemainsOfAContainerThatIsGoneOrWasStartedAnew() {
    Instance backend = one("backend", "", "10");

    assertThat(
            of(
                    backend,
                    one("well", "container:backend", "11"),
                    one("alone", "host", "01"),
                    one("left", "container:gone", "11"),
                    one("older", "container:backend", "09"))
                .stranded())
        .containsExactlyInAnyOrder("left", "older");
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
