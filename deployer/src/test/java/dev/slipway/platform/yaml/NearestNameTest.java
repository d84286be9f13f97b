package dev.slipway.platform.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "a,a,0", "'',abc,3", "Flaw,lawn,2"})
  void measuresTheDistanceOfNames(String left, String right, int distance) {
    assertThat(NearestName.distance(left, right)).isEqualTo(distance);
  }

  @Test
  void hintsAtTheNearestNameOrAtAll() {
    assertThat(NearestName.hint("bakend", List.of("frontend", "backend")))
        .isEqualTo("did you mean 'backend'?");
    assertThat(NearestName.hint("postgres", List.of("db", "platform-postgres")))
        .isEqualTo("did you mean 'platform-postgres'?");
    assertThat(NearestName.hint("zzz", List.of("db", "web"))).isEqualTo("known: db, web");
    assertThat(NearestName.hint("zzz", List.of())).isEqualTo("there is none");
  }
}
