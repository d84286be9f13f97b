package dev.slipway.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.HostNames;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComposeRewriteTest {

  private static final String TEXT =
      """
      version: "3.8"
      name: shop
      x-base: &base
        restart: always
        labels: [own=1]
      services:
        web:
          <<: *base
          image: ${REGISTRY:?}/web:${TAG:?set it}
          build: .
          container_name: web
          ports:
            - "${HTTP_PORT:-80}:8080"
            - 53:53/udp
          environment:
            MODE: 0755
            QUOTED: "yes"
            PLAIN: yes
            PASSWORD: ${PASSWORD:?}
          command: |
            one
            two $$HOME
        db:
          image: postgres:15
          restart: always
          ports: ["5432:5432"]
          networks: [inner]
          volumes: ["data:/data", {type: bind, source: /etc/tls, target: /etc/tls}, "/srv:/srv", "kept:/kept", "${DATA:-/srv}:/data2"]
      networks:
        inner:
        outer: {external: true}
      volumes:
        data: {name: fixed}
        kept: {external: true, name: of-somebody}
        bound: {driver_opts: {type: none, o: bind, device: /srv}}
      """;

  private final ComposeFile compose = ComposeFile.parse("compose.yml", TEXT, Map.of());

  @Test
  void writesACopyForARehearsalBesideTheRealThing() {
    String text =
        compose.rewritten(
            new ComposeRewrite(
                Map.of("web", "sha256:ab$c"),
                Set.of("web", "db"),
                Map.of(
                    "db",
                    Map.of("/etc/tls", "/made/up", "/srv", "of-the-host", "/data2", "of-the-host")),
                Map.of("dev.slipway.run", "7")));

    assertThat(text)
        .isEqualTo(
            """
            version: "3.8"
            x-base:
              restart: always
              labels:
              - own=1
            services:
              web:
                labels:
                - own=1
                - "dev.slipway.run=7"
                image: "sha256:ab$$c"
                ports:
                - "8080"
                - "53/udp"
                environment:
                  MODE: !!int '0755'
                  QUOTED: "yes"
                  PLAIN: yes
                  PASSWORD: ${PASSWORD:?}
                command: |
                  one
                  two $$HOME
                networks:
                  default:
                    aliases:
                    - web
              db:
                image: postgres:15
                ports:
                - "5432"
                networks:
                - inner
                volumes:
                - "data:/data"
                - "/made/up:/etc/tls:ro"
                - "of-the-host:/srv"
                - "kept:/kept"
                - "of-the-host:/data2"
                labels:
                  dev.slipway.run: "7"
            networks:
              inner:
                labels:
                  dev.slipway.run: "7"
              outer:
                labels:
                  dev.slipway.run: "7"
              default:
                labels:
                  dev.slipway.run: "7"
            volumes:
              data:
                labels:
                  dev.slipway.run: "7"
              kept:
                labels:
                  dev.slipway.run: "7"
              bound:
                labels:
                  dev.slipway.run: "7"
              of-the-host:
                labels:
                  dev.slipway.run: "7"
            """);
  }

  @Test
  void changesNothingElseWhenOnlyAnImageIsReplaced() {
    String text =
        compose.rewritten(
            new ComposeRewrite(Map.of("db", "postgres:16"), Set.of(), Map.of(), Map.of()));
    ComposeFile again = ComposeFile.parse("compose.yml", text, Map.of());

    assertThat(text)
        .contains("name: shop", "container_name: web", "- \"${HTTP_PORT:-80}:8080\"", "name: fixed")
        .contains("external: true", "/srv:/srv")
        .contains("image: \"postgres:16\"", "${REGISTRY:?}/web:${TAG:?set it}")
        .doesNotContain("dev.slipway");
    assertThat(again.services().keySet()).isEqualTo(compose.services().keySet());
    assertThat(again.variables())
        .extracting(Variable::name)
        .isEqualTo(compose.variables().stream().map(Variable::name).toList());
  }

  @Test
  void keepsTheNameOfAContainerAsOneInEachOfItsNetworks() {
    ComposeFile named =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              list: {image: a, container_name: "shop-${STAGE:-list}", networks: [inner, outer]}
              map: {image: a, container_name: shop-map, networks: {inner: {aliases: [store]}, outer: }}
              host: {image: a, container_name: shop-host, network_mode: host}
            networks: {inner: , outer: }
            """,
            Map.of());
    String text =
        named.rewritten(
            new ComposeRewrite(Map.of(), named.services().keySet(), Map.of(), Map.of()));
    ComposeFile again = ComposeFile.parse("compose.yml", text, Map.of());

    assertThat(text).doesNotContain("container_name", "shop-host");
    assertThat(again.services().values())
        .extracting(service -> HostNames.given(service, again))
        .containsExactly(Set.of("shop-${STAGE:-list}"), Set.of("store", "shop-map"), Set.of());
  }

  @Test
  void tellsWhichNetworksAndVolumesAreThereBeforeIt() {
    ComposeFile old =
        ComposeFile.parse(
            "compose.yml",
            "{services: {web: {image: a}}, networks: {a: {external: {name: b}}, c: {external: true}, d: {}}}",
            Map.of());

    assertThat(old.external("networks")).containsExactly("b", "c");
    assertThat(old.external("volumes")).isEmpty();
    assertThat(compose.external("volumes")).containsExactly("of-somebody");
    assertThat(old.ownName("networks", "d", "shop")).isEqualTo("shop_d");
    assertThat(compose.ownName("volumes", "data", "shop")).isEqualTo("fixed");
  }

  @Test
  void replacesALabelThatIsThereAndKeepsOthers() {
    ComposeFile own =
        ComposeFile.parse(
            "compose.yml", "services: {web: {image: a, labels: {a: '1', b: '2'}}}", Map.of());

    assertThat(own.rewritten(new ComposeRewrite(Map.of(), Set.of(), Map.of(), Map.of("a", "$x"))))
        .contains("labels:\n      a: \"$$x\"\n      b: '2'\n");
  }
}
