package dev.slipway.effect.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerEngineTest {

  @ParameterizedTest
  @CsvSource({
    "1.41, 1.41, false",
    "1.40, 1.41, true",
    "1.9, 1.41, true",
    "1.100, 1.41, false",
    "2.0, 1.41, false",
    "1, 1.41, true",
    "1.41.1, 1.41, false"
  })
  void comparesVersionsByNumbers(String found, String wanted, boolean older) {
    assertThat(DockerEngine.older(found, wanted)).isEqualTo(older);
  }
}
