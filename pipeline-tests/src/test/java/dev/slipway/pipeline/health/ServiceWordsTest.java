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
    assertThat(new ServiceWords(role, service).tell("{\"status\": \"ok\"}", answer)).isTrue();
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
    assertThat(new ServiceWords(role, service).tell("{\"status\": \"ok\"}", answer)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'postgres': 'ok', 'redis': 'ok'} | {'postgres': 'down', 'redis': 'ok'}",
        "{'postgres': {'up': true}} | {'detail': {'postgres': {'up': false}}}",
        "{'checks': [{'name': 'postgres', 'up': true}]} | {'checks': [{'name': 'postgres', 'up': false}]}",
        "{'services': ['postgres'], 'failed': []} | {'services': ['postgres'], 'failed': ['database']}",
        "{'db': 'postgres', 'message': 'fine'} | {'db': 'postgres', 'message': 'no connection'}",
        "postgres: ok | postgres: down",
        "{'postgres': 'ok'} | Error: database away",
      })
  void isTold(String well, String answer) {
    assertThat(new ServiceWords(Role.POSTGRES, "postgres").tell(json(well), json(answer))).isTrue();
  }

  /** Each of these names PostgreSQL, as it does while all is well. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'postgres': 'ok', 'redis': 'ok'} | {'postgres': 'ok', 'redis': 'down'}",
        "{'postgres': 'ok', 'redis': 'ok'} | {'detail': {'redis': 'down', 'postgres': 'ok'}}",
        "{'checks': [{'name': 'postgres', 'up': true}, {'name': 'redis', 'up': true}]} | {'checks': [{'name': 'postgres', 'up': true}, {'name': 'redis', 'up': false}]}",
        "{'postgres': 'ok', 'redis': 'ok'} | {'postgres': 'ok', 'redis': 'down: postgres does not resolve'}",
        "{'engine': ['postgres']} | {'engine': ['postgres'], 'status': 'degraded'}",
      })
  void isNotTold(String well, String answer) {
    assertThat(new ServiceWords(Role.POSTGRES, "postgres").tell(json(well), json(answer)))
        .isFalse();
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
