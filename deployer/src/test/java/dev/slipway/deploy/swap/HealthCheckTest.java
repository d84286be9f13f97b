package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {

  private static HealthCheck configured(String config) {
    return new HealthCheck(Json.tree("{\"Config\": " + config + "}"));
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
  void knowsWhatItRuns(String config, String command) {
    assertThat(configured(config.replace('\'', '"')).command()).hasToString(command);
  }

  @ParameterizedTest
  @CsvSource({"3000000000, 3", "1500000000, 2", "0, 30"})
  void knowsHowLongItMayTake(long nanos, long seconds) {
    assertThat(configured("{\"Healthcheck\": {\"Timeout\": " + nanos + "}}").timeout())
        .hasSeconds(seconds);
  }
}
