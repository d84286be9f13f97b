package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.Json;
import dev.slipway.plan.PublishedPort;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTest {

  private static Instance configured(String config) {
    return new Instance(Json.tree("{\"Config\": " + config + "}"));
  }

  @Test
  void knowsWhichSignalAsksItToEnd() {
    assertThat(configured("{\"StopSignal\": \"SIGQUIT\"}").stopSignal()).isEqualTo("SIGQUIT");
    assertThat(configured("{}").stopSignal()).isEqualTo("SIGTERM");
  }

  @Test
  void hashesWhatItWasToldButForWhatEveryContainerHasOfItsOwn() {
    String told =
        """
        {"Id": "abc123", "Config": {"Image": "shop/web:1", "Hostname": "abc", "Env": ["A=1", "B=2"],
         "Labels": {"com.docker.compose.config-hash": "1", "team": "shop"}},
         "HostConfig": {"Binds": ["/srv:/srv"], "Mounts": [{"Type": "volume", "Source": "cache", "Target": "/c"}]}}
        """;
    String settings = new Instance(Json.tree(told)).settings();

    String again =
        told.replace("abc", "def")
            .replace("web:1", "web:2")
            .replace("hash\": \"1", "hash\": \"2")
            .replace("\"A=1\", \"B=2\"", "\"B=2\", \"A=1\", \"affinity:container==abc\"")
            .replace("\"/srv:/srv\"", "\"/srv:/srv\", \"" + "d".repeat(64) + ":/data:rw\"")
            .replace("[{\"Type", "[{\"Type\": \"volume\", \"Target\": \"/d\"}, {\"Type");
    assertThat(new Instance(Json.tree(again)).settings()).isEqualTo(settings);
    for (String word : List.of("A=1", "team", "/srv:/srv", "cache", "HostConfig")) {
      assertThat(new Instance(Json.tree(told.replace(word, "other=2"))).settings())
          .as(word)
          .isNotEqualTo(settings);
    }
  }

  @Test
  void tellsWhichFilesItMountsFromTheFolderOfItsComposeFile() {
    String mounts =
        "\"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/srv/shop/nginx.conf\"},"
            + "{\"Type\": \"bind\", \"Source\": \"/etc/ssl\"},"
            + "{\"Type\": \"volume\", \"Name\": \"cache\", \"Source\": \"/var/lib/docker/cache\"}]";
    String labels =
        "\"Config\": {\"Labels\": {\"com.docker.compose.project.working_dir\": \"/srv/shop\"}}";

    assertThat(new Instance(Json.tree("{" + mounts + ", " + labels + "}")).mountedFiles())
        .containsExactlyInAnyOrder("nginx.conf", "/etc/ssl");
    assertThat(new Instance(Json.tree("{" + mounts + "}")).mountedFiles())
        .containsExactlyInAnyOrder("/srv/shop/nginx.conf", "/etc/ssl");
  }

  private static Instance named(String name) {
    return new Instance(Json.tree("{\"Name\": \"/" + name + "\"}"));
  }

  @ParameterizedTest
  @CsvSource({
    "shop-web-1-next, true, false",
    "shop_web_1-next, true, false",
    "shop-nginx-1-trial, false, true",
    "shop-web-1, false, false",
    "web-next, false, false",
    "shop-next-web-1, false, false",
    "shop-next-web-1-next, true, false",
    "shop-trial, false, false"
  })
  void knowsItsOwnByANumberedName(String name, boolean next, boolean spare) {
    assertThat(named(name).isNext()).isEqualTo(next);
    assertThat(named(name).isSpare()).isEqualTo(spare);
  }

  @ParameterizedTest
  @CsvSource({"shop-web-2, shop-web-1", "shop_web_12, shop_web_1", "shop-web-2-3, shop-web-2-1"})
  void givesASuccessorTheFirstNameThatComposeWouldGive(String second, String first) {
    assertThat(named(second).firstName()).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "shop-web-1-next, shop-web-1",
    "shop-next-web-1-next, shop-next-web-1",
    "shop-web-next-1-next, shop-web-next-1",
    "shop-next-web-1, shop-next-web-1"
  })
  void takesNothingButTheEndFromANewContainersName(String next, String afterwards) {
    assertThat(named(next).nameAfterwards()).isEqualTo(afterwards);
  }

  private static PublishedPort reached(String text) {
    Instance instance = new Instance(Json.tree(text.replace('\'', '"')));
    return new TreeMap<>(instance.asState().publishedPorts()).firstEntry().getValue();
  }

  @Test
  void isReachedWhereItPublishesOrElseAtItsOwnAddress() {
    String exposed =
        "'State': {'Status': 'running'}, 'Config': {'ExposedPorts': {'8080/tcp': {}}}, 'NetworkSettings': {";

    assertThat(
            reached(
                "{"
                    + exposed
                    + "'Ports': {'53/udp': [{'HostIp': '', 'HostPort': '53'}], '8080/tcp':"
                    + " [{'HostIp': '10.0.0.5', 'HostPort': '80'}]}}}"))
        .isEqualTo(new PublishedPort("10.0.0.5", 80));
    assertThat(
            reached(
                "{" + exposed + "'Ports': {}, 'Networks': {'a': {'IPAddress': '172.18.0.4'}}}}"))
        .isEqualTo(new PublishedPort("172.18.0.4", 8080));
    assertThat(reached("{" + exposed + "'Ports': {}, 'Networks': {'host': {'IPAddress': ''}}}}"))
        .isEqualTo(new PublishedPort("127.0.0.1", 8080));
  }

  @Test
  void knowsWhatItIsAttachedTo() {
    Instance instance =
        new Instance(
            Json.tree(
                """
                {"HostConfig": {"NetworkMode": "shop_default"},
                 "NetworkSettings": {"Networks": {"shop_default": {}, "shop_web": {}}},
                 "Mounts": [{"Type": "volume", "Name": "shop_media", "Destination": "/srv/media/"},
                   {"Type": "bind", "Source": "/opt/shop/certs", "Destination": "/certs"},
                   {"Type": "tmpfs", "Destination": "/tmp"}]}
                """));

    assertThat(instance.attachment().networks())
        .containsExactlyInAnyOrder("shop_default", "shop_web");
    assertThat(instance.attachment().volumes())
        .containsOnly(entry("/srv/media", "shop_media"), entry("/certs", "/opt/shop/certs"));
  }

  @Test
  void isOnNoNetworkInAnotherMode() {
    Instance host =
        new Instance(
            Json.tree(
                """
                {"HostConfig": {"NetworkMode": "host"}, "NetworkSettings": {"Networks": {"host": {}}}}
                """));

    assertThat(host.attachment().networks()).isEmpty();
  }
}
