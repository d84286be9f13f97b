package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.plan.PublishedPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTest {

  private static Instance configured(String config) {
    return new Instance(Json.tree("{\"Config\": " + config + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Healthcheck': {'Test': ['CMD', 'curl', '-f', 'localhost']}} | [curl, -f, localhost]",
        "{'Healthcheck': {'Test': ['CMD-SHELL', 'a && b']}} | [/bin/sh, -c, a && b]",
        "{'Shell': ['/bin/bash', '-ec'], 'Healthcheck': {'Test': ['CMD-SHELL', 'a']}} | [/bin/bash, -ec, a]",
        "{'Healthcheck': {'Test': ['NONE']}} | []",
        "{'Healthcheck': {'Interval': 5}} | []",
        "{} | []"
      },
      quoteCharacter = '`')
  void knowsWhatItsHealthCheckRuns(String config, String command) {
    assertThat(configured(config.replace('\'', '"')).healthCheck()).hasToString(command);
  }

  @ParameterizedTest
  @CsvSource({"3000000000, 3", "1500000000, 2", "0, 30"})
  void knowsHowLongItsHealthCheckMayTake(long nanos, long seconds) {
    assertThat(configured("{\"Healthcheck\": {\"Timeout\": " + nanos + "}}").healthTimeout())
        .hasSeconds(seconds);
  }

  @Test
  void knowsWhichSignalAsksItToEnd() {
    assertThat(configured("{\"StopSignal\": \"SIGQUIT\"}").stopSignal()).isEqualTo("SIGQUIT");
    assertThat(configured("{}").stopSignal()).isEqualTo("SIGTERM");
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
    "shop-trial, false, false"
  })
  void knowsItsOwnByANumberedName(String name, boolean next, boolean spare) {
    assertThat(named(name).isNext()).isEqualTo(next);
    assertThat(named(name).isSpare()).isEqualTo(spare);
  }

  @Test
  void givesASuccessorComposesOwnNameWhereTheFileGaveTheFirstOne() {
    String labels =
        ", \"Config\": {\"Labels\": {\"com.docker.compose.project\": \"shop\", \"com.docker.compose.service\": \"web\"}}}";

    assertThat(new Instance(Json.tree("{\"Name\": \"/web\"" + labels)).numberedName())
        .isEqualTo("shop-web-1");
    assertThat(new Instance(Json.tree("{\"Name\": \"/shop_web_1\"" + labels)).numberedName())
        .isEqualTo("shop_web_1");
  }

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

    JsonNode host = second.asFirst(first, true).path("HostConfig");
    assertThat(Json.texts(host.path("Binds")))
        .containsExactly("data:/data:rw", uploads + ":/uploads");
    assertThat(host.at("/Mounts/0/Source").asText()).isEqualTo(media);
  }

  private static PublishedPort reached(String text) {
    return new Instance(Json.tree(text.replace('\'', '"'))).asState().firstPort().orElseThrow();
  }

  @Test
  void isReachedWhereItPublishesOrElseAtItsOwnAddress() {
    String exposed =
        "'State': {'Status': 'running'}, 'Config': {'ExposedPorts': {'8080/tcp': {}}}, 'NetworkSettings': {";

    assertThat(
            reached(
                "{"
                    + exposed
                    + "'Ports': {'53/udp': [{'HostIp': '', 'HostPort': '53'}], '8080/tcp': [{'HostIp': '10.0.0.5', 'HostPort': '80'}]}}}"))
        .isEqualTo(new PublishedPort("10.0.0.5", 80));
    assertThat(
            reached(
                "{" + exposed + "'Ports': {}, 'Networks': {'a': {'IPAddress': '172.18.0.4'}}}}"))
        .isEqualTo(new PublishedPort("172.18.0.4", 8080));
    assertThat(reached("{" + exposed + "'Ports': {}, 'Networks': {'host': {'IPAddress': ''}}}}"))
        .isEqualTo(new PublishedPort("127.0.0.1", 8080));
  }
}
