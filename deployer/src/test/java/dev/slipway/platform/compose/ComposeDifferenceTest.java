package dev.slipway.platform.compose;

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

  @Test
  void describesNoServiceThatIsScaledToNone() {
    String text =
        """
        services:
          backend: {image: b, scale: 1}
          worker: {image: w, deploy: {replicas: 0}}
          beat: {image: w, scale: 0, deploy: {replicas: 2}}
        """;

    assertThat(ComposeDifference.described("compose.yml", text)).containsExactly("backend");
  }

  private static final String SHARING =
      """
      services:
        backend: {image: backend, networks: [web, inner], volumes: ["media:/srv/media"]}
        postgres: {image: postgres, networks: {inner: {}}, volumes: [{type: volume, source: pgdata, target: /data}]}
        redis: {image: redis}
        host: {image: host, network_mode: host, volumes: ["./media:/media", "/pgdata:/x"]}
      networks:
        web:
        inner: {driver_opts: {mtu: 1400}}
        default: {internal: false}
      volumes:
        media: {}
        pgdata:
          labels: {kept: "yes"}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mtu: 1400| mtu: 1500| backend, postgres| network inner",
        "web:| web: {internal: true}| backend| network web",
        "internal: false| internal: true| redis| network default",
        "media: {}| media: {driver: nfs}| backend| volume media",
        "media: {}| media: {name: pictures}| backend| ''",
        "kept: \"yes\"| kept: \"no\"| ''| ''",
        "media: {}| media: {driver: local, x-note: a}| ''| ''",
        "mtu: 1400| mtu: \"1400\"| ''| ''",
        "{driver_opts: {mtu: 1400}}| {name: other, driver_opts: {mtu: 9}}| backend, postgres| ''",
        "{driver_opts: {mtu: 1400}}| {external: true}| backend, postgres| ''",
        "media: {}| other: {}| ''| ''",
      })
  void seesAChangeOfANetworkOrVolumeInTheServicesThatUseIt(
      String was, String is, String services, String redefined) {
    String after = SHARING.replace(was, is);

    assertThat(String.join(", ", ComposeDifference.services(SHARING, after))).isEqualTo(services);
    assertThat(String.join(", ", ComposeDifference.redefined(SHARING, after))).isEqualTo(redefined);
  }

  @Test
  void knowsNothingOfWhatComposeDoesNotMakeItself() {
    String mine = SHARING.replace("media: {}", "media: {driver: local}");
    String others = SHARING.replace("media: {}", "media: {external: true, name: shop_media}");

    assertThat(ComposeDifference.redefined(others, others.replace("shop", "old"))).isEmpty();
    assertThat(ComposeDifference.redefined("[", mine)).isEmpty();
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
