package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
  void seesNothingInWhatIsNoComposeFile() {
    assertThat(ComposeDifference.services("[", BEFORE)).isEmpty();
    assertThat(ComposeDifference.services(BEFORE, "services: none")).isEmpty();
    assertThat(ComposeDifference.described("")).isEmpty();
  }

  @Test
  void namesTheServicesOfAFile() {
    assertThat(ComposeDifference.described(BEFORE)).containsExactly("backend", "frontend", "redis");
  }
}
