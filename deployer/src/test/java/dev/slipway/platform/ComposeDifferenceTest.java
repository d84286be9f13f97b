package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeDifferenceTest {

  private static final String BEFORE =
      """
      x-common: &common {restart: always}
      services:
        backend: {<<: *common, image: backend}
        frontend: {image: frontend}
        redis: {image: "redis:7"}
      """;

  @Test
  void seesNothingInTheOrderOfKeysOrInComments() {
    String after =
        """
        services:
          redis: {image: "redis:7"} # a cache
          frontend: {image: frontend}
          backend: {image: backend, restart: always}
        """;

    assertThat(ComposeDifference.services(BEFORE, after)).isEmpty();
  }

  @Test
  void seesAChangedService() {
    assertThat(ComposeDifference.services(BEFORE, BEFORE.replace("redis:7", "redis:8")))
        .containsExactly("redis");
  }

  @Test
  void seesAChangeBehindAnAnchor() {
    assertThat(ComposeDifference.services(BEFORE, BEFORE.replace("always", "on-failure")))
        .containsExactly("backend");
  }

  @Test
  void leavesOutNewAndRemovedServices() {
    assertThat(ComposeDifference.services(BEFORE, BEFORE.replace("redis:", "valkey:"))).isEmpty();
  }

  @Test
  void seesAChangeBetweenTextAndNumberAndNothing() {
    String text = "services: {web: {image: a, environment: {A: '1.0'}}}";

    assertThat(ComposeDifference.services(text, text.replace("'", ""))).containsExactly("web");
    assertThat(ComposeDifference.services(text, text.replace("'1.0'", "null")))
        .containsExactly("web");
  }

  @Test
  void takesEveryServiceForChangedWhereTheEarlierFileCannotBeRead() {
    assertThat(ComposeDifference.services("[", BEFORE))
        .containsExactly("backend", "frontend", "redis");
    assertThat(ComposeDifference.services("services: none", BEFORE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "services: [| invalid YAML",
        "services: {web: {image: a, ports: !reset []}}| '!reset' means something only where",
        "services: {web: {image: a, ports: !override ['80:80']}}| '!override' means",
        "services: {}| has no services",
        "version: 3| has no services",
      })
  void refusesAFileOfWhichNothingWouldBePlanned(String text, String why) {
    assertThatThrownBy(() -> ComposeDifference.described("1234567:compose.yml", text))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("1234567:compose.yml")
        .hasMessageContaining(why);
  }

  @Test
  void readsAsManyAliasesAsTheComposeFileMayHave() {
    StringBuilder text = new StringBuilder("x-web: &web {image: a}\nservices:\n");
    for (int service = 0; service < 60; service++) {
      text.append("  web").append(service).append(": *web\n");
    }

    assertThat(ComposeDifference.described("compose.yml", text.toString())).hasSize(60);
  }

  @Test
  void namesTheServicesOfAFile() {
    assertThat(ComposeDifference.described("compose.yml", BEFORE))
        .containsExactly("backend", "frontend", "redis");
  }
}
