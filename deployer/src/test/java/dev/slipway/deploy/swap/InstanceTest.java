package dev.slipway.deploy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
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
}
