package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.Problems;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostNamesTest {

  @Test
  void knowsServicesByEveryNameOfTheirs() {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            name: shop
            services:
              backend:
                image: backend
                hostname: Answers
                container_name: the-backend
                networks: {default: , inner: {aliases: [API, frontend]}}
              frontend: {image: frontend, networks: [default]}
            """,
            Map.of());
    SlipwayFile settings = SlipwayFile.read("", new Problems());
    Platform platform =
        new Platform(settings, compose, Map.of(Role.BACKEND, backend(compose)), List.of());

    assertThat(HostNames.of(platform))
        .containsOnly(
            entry("backend", "backend"),
            entry("answers", "backend"),
            entry("the-backend", "backend"),
            entry("api", "backend"),
            entry("shop-backend-1", "backend"),
            entry("shop_backend_1", "backend"),
            entry("frontend", "frontend"),
            entry("shop-frontend-1", "frontend"),
            entry("shop_frontend_1", "frontend"));
  }

  @Test
  void knowsServicesByTheLinksOfTheEdge() {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              backend: {image: backend}
              frontend: {image: frontend, links: ["backend:other"]}
              nginx: {image: nginx, links: ["backend:API", frontend, "gone:x"]}
            """,
            Map.of());
    ServiceSpec edge = Objects.requireNonNull(compose.services().get("nginx"));
    Platform platform =
        new Platform(
            SlipwayFile.read("", new Problems()),
            compose,
            Map.of(Role.BACKEND, backend(compose), Role.EDGE, edge),
            List.of());

    assertThat(HostNames.of(platform))
        .containsEntry("api", "backend")
        .containsEntry("frontend", "frontend")
        .doesNotContainKeys("other", "x");
  }

  private static ServiceSpec backend(ComposeFile compose) {
    return Objects.requireNonNull(compose.services().get("backend"));
  }
}
