package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private record Sample(Instant at, Duration took, Optional<String> reason) {}

  private static final Sample SAMPLE =
      new Sample(Instant.parse("2026-01-01T00:00:00Z"), Duration.ofSeconds(90), Optional.empty());

  @Test
  void writesTimesAsPeopleReadThem() {
    assertThat(Json.line(SAMPLE))
        .isEqualTo("{\"at\":\"2026-01-01T00:00:00Z\",\"took\":\"PT1M30S\",\"reason\":null}");
    assertThat(Json.read(Json.page(SAMPLE), Sample.class)).isEqualTo(SAMPLE);
  }

  @Test
  void writesMapsInTheOrderOfTheirKeys() {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("b", 1);
    map.put("a", 2);

    assertThat(Json.line(map)).isEqualTo("{\"a\":2,\"b\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{", "{} {}", "{}x"})
  void refusesWhatIsNotOneValue(String text) {
    assertThatThrownBy(() -> Json.read(text, Sample.class))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
