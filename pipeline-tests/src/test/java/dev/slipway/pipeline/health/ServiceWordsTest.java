package dev.slipway.pipeline.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POSTGRES | postgres | {\"postgres\": \"down: timed out\"}",
        "POSTGRES | storage | {\"Storage\": \"error\"}",
        "POSTGRES | postgres | {\"checks\": {\"database\": \"error\"}}",
        "POSTGRES | postgres | {\"db_up\": false}",
        "REDIS | cache | {\"redis\": \"down\"}",
        "REDIS | cache | {\"cache\": \"down\"}",
      })
  void isNamed(Role role, String service, String answer) {
    assertThat(ServiceWords.name(role, service, answer)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POSTGRES | postgres | Internal Server Error",
        "POSTGRES | postgres | {\"status\": \"degraded\", \"redis\": \"ok\"}",
        "POSTGRES | postgres | {\"feedback\": \"none\"}",
        "REDIS | redis | {\"status\": \"degraded\", \"database\": \"ok\"}",
      })
  void isNotNamed(Role role, String service, String answer) {
    assertThat(ServiceWords.name(role, service, answer)).isFalse();
  }
}
