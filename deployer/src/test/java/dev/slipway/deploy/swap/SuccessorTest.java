package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.deploy.swap.Wiring.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuccessorTest {

  private static Instance mounting(String mounts) {
    return new Instance(
        Json.tree(
            ("{'Id': 'c', 'Config': {'Hostname': 'c', 'Labels': {}}, 'HostConfig': {'Binds': ['data:/data:rw'], 'Mounts': [{'Type': 'volume', 'Target': '/media'}]}, 'Mounts': ["
                    + mounts
                    + "]}")
                .replace('\'', '"')));
  }

  private static String volume(String name, String place) {
    return "{'Type': 'volume', 'Name': '" + name + "', 'Destination': '" + place + "'}";
  }

  @Test
  void passesVolumesWithoutANameOnToTheNextContainer() {
    String uploads = "a".repeat(64);
    String media = "d".repeat(64);
    Instance first =
        mounting(
            String.join(
                ",",
                volume("data", "/data"),
                volume(uploads, "/uploads"),
                volume(media, "/media"),
                volume("b".repeat(64), "/gone")));
    Instance second =
        mounting(
            String.join(
                ",",
                volume("data", "/data"),
                volume("c".repeat(64), "/uploads"),
                volume("e".repeat(64), "/media")));

    JsonNode host =
        Successor.of(second, Optional.of(first), true, List.of(), Map.of()).path("HostConfig");
    assertThat(Json.texts(host.path("Binds")))
        .containsExactly("data:/data:rw", uploads + ":/uploads");
    assertThat(host.at("/Mounts/0/Source").asText()).isEqualTo(media);
  }

  /** The engine refuses a name and open ports to one that joins another's network. */
  @Test
  void joinsTheNewContainerOfWhatItJoins() {
    Instance second =
        new Instance(
            Json.tree(
                """
                {"Id": "s", "Config": {"Hostname": "b", "ExposedPorts": {"6379/tcp": {}}, "Labels": {}},
                  "HostConfig": {"NetworkMode": "container:old", "PidMode": "container:else", "IpcMode": "private"},
                  "NetworkSettings": {"Networks": {}}}
                """));

    JsonNode made = Successor.of(second, Optional.empty(), true, List.of(), Map.of("old", "new"));

    assertThat(made.has("Hostname") || made.has("ExposedPorts")).isFalse();
    assertThat(made.at("/HostConfig/NetworkMode").asText()).isEqualTo("container:new");
    assertThat(made.at("/HostConfig/PidMode").asText()).isEqualTo("container:else");
    assertThat(made.at("/HostConfig/IpcMode").asText()).isEqualTo("private");
    assertThat(made.at("/NetworkingConfig/EndpointsConfig").isEmpty()).isTrue();
  }

  @Test
  void isCreatedOnItsFirstNetworkAlone() {
    JsonNode networks =
        Successor.of(
                mounting(""),
                Optional.of(mounting("")),
                true,
                List.of(
                    new Endpoint("front", List.of("api"), List.of("shop_a_1:a")),
                    new Endpoint("back", List.of("api"), List.of())),
                Map.of())
            .at("/NetworkingConfig/EndpointsConfig");

    assertThat(networks.properties()).hasSize(1);
    assertThat(Json.texts(networks.at("/front/Aliases"))).containsExactly("api");
    assertThat(Json.texts(networks.at("/front/Links"))).containsExactly("shop_a_1:a");
  }
}
