package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.pipeline.health.Openapi.Question;
import org.junit.jupiter.api.Test;

class OpenapiTest {

  @Test
  void asksForWhatNeedsNoParametersInItsPath() {
    assertThat(
            Openapi.questions(
                Json.tree(
                    """
                    {"paths": {
                      "/health": {"get": {}},
                      "/api/orders": {"post": {}, "get": {}},
                      "/api/orders/{id}": {"get": {}},
                      "/api/login": {"post": {}}
                    }}
                    """)))
        .containsExactly(new Question("/api/orders", "/api/orders"));
  }

  @Test
  void knowsThePrefixThatTheEdgeTakesAway() {
    assertThat(
            Openapi.questions(
                Json.tree(
                    "{\"servers\": [{\"url\": \"/api\"}], \"paths\": {\"/a\": {\"get\": {}}}}")))
        .containsExactly(new Question("/a", "/api/a"));
    assertThat(
            Openapi.questions(
                Json.tree(
                    "{\"servers\": [{\"url\": \"https://shop.example/api/\"}], \"paths\": {\"/a\": {\"get\": {}}}}")))
        .containsExactly(new Question("/a", "/api/a"));
  }

  @Test
  void asksNothingWhereTheApiLiesElsewhere() {
    assertThat(
            Openapi.questions(
                Json.tree(
                    "{\"paths\": {\"/a\": {\"get\": {}}, \"/b\": {\"get\": {}}, \"/api/c\": {\"get\": {}}}}")))
        .isEmpty();
    assertThat(Openapi.questions(Json.tree("{}"))).isEmpty();
    assertThat(Openapi.questions(Json.tree("[]"))).isEmpty();
    assertThat(
            Openapi.questions(
                Json.tree("{\"servers\": [{\"url\": \"{scheme}://a\"}], \"paths\": {\"/a\": {}}}")))
        .isEmpty();
  }
}
