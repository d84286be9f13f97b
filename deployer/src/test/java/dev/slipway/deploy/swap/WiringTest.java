package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.deploy.swap.Wiring.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which networks, names and links the container has that takes another one's place. */
class WiringTest {

  /** As compose 1.29 prints it. */
  private static final String CONFIG =
      """
      networks:
        back: {}
        front:
          external: true
          name: shared
      services:
        backend:
          image: backend:1
          networks:
            back:
              aliases: [api]
            front: null
        cache:
          image: redis:7.0
        nginx:
          external_links: ["tools_mail_1:mail"]
          image: nginx:1
          links: ["backend:api", cache]
          networks:
            back: null
            front: null
      version: '3.7'
      """;

  private static Instance container(String name, String service, String networks) {
    return new Instance(
        Json.tree(
            "{'Id': 'f%s', 'Name': '/%s', 'Config': {'Labels': {'com.docker.compose.service': '%s'}}, 'State': {'Status': 'running'}, 'HostConfig': {'NetworkMode': 'shared'}, 'NetworkSettings': {'Networks': {%s}}}"
                .formatted(name, name, service, networks)
                .replace('\'', '"')));
  }

  private static final Containers NOW =
      new Containers(
          List.of(
              container("shop_backend_1", "backend", ""),
              container("shop_cache_1", "cache", ""),
              container("shop_nginx_1", "nginx", "")),
          Set.of());

  /** Compose 2 connects a container when it creates it. */
  @Test
  void isAsComposeHasCreatedItAndGoesByTheNameOfTheFirstOneToo() {
    Instance second =
        container(
            "shop-backend-2",
            "backend",
            "'back': {'Aliases': ['shop-backend-2', 'backend', 'api']}, 'shared': {'Aliases': ['backend'], 'Links': ['shop-cache-1:cache']}");

    assertThat(
            Wiring.asCreated(NOW)
                .endpoints(second, Optional.of(container("shop-backend-1", "backend", ""))))
        .containsExactly(
            new Endpoint(
                "shared", List.of("backend", "shop-backend-1"), List.of("shop-cache-1:cache")),
            new Endpoint("back", List.of("backend", "api", "shop-backend-1"), List.of()));
  }

  @Test
  void isOnEachNetworkThatCompose1HasNotConnectedYet() {
    Instance second = container("shop_backend_2", "backend", "'shared': {'Aliases': ['backend']}");

    assertThat(
            Wiring.of(CONFIG, "shop", NOW)
                .endpoints(second, Optional.of(container("shop_backend_1", "backend", ""))))
        .containsExactly(
            new Endpoint("shared", List.of("backend", "shop_backend_1"), List.of()),
            new Endpoint("shop_back", List.of("backend", "api", "shop_backend_1"), List.of()));
  }

  @Test
  void hasTheLinksThatCompose1HasNotMadeYet() {
    Instance second = container("shop_nginx_2", "nginx", "'shared': {'Aliases': ['nginx']}");

    assertThat(
            Wiring.of(CONFIG, "shop", NOW)
                .endpoints(second, Optional.of(container("shop_nginx_1", "nginx", ""))))
        .extracting(Endpoint::links)
        .containsOnly(List.of("tools_mail_1:mail", "shop_backend_1:api", "shop_cache_1:cache"));
  }
}
