package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.deploy.swap.Wiring.Endpoint;
import java.util.List;
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

    JsonNode host = Successor.of(second, first, true, List.of()).path("HostConfig");
    assertThat(Json.texts(host.path("Binds")))
        .containsExactly("data:/data:rw", uploads + ":/uploads");
    assertThat(host.at("/Mounts/0/Source").asText()).isEqualTo(media);
  }

  @Test
  void isCreatedOnItsFirstNetworkAlone() {
    JsonNode networks =
        Successor.of(
                mounting(""),
                mounting(""),
                true,
                List.of(
                    new Endpoint("front", List.of("api"), List.of("shop_a_1:a")),
                    new Endpoint("back", List.of("api"), List.of())))
            .at("/NetworkingConfig/EndpointsConfig");

    assertThat(networks.properties()).hasSize(1);
    assertThat(Json.texts(networks.at("/front/Aliases"))).containsExactly("api");
    assertThat(Json.texts(networks.at("/front/Links"))).containsExactly("shop_a_1:a");
  }
}
