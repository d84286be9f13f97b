package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartPatienceTest {

  private static Duration patience(int budget, Optional<Duration> startPeriod) {
    return PlatformUnderTest.startPatience(Duration.ofSeconds(budget), startPeriod);
  }

  @Test
  void isAMinuteOrLongerWhereThePlatformSaysSo() {
    assertThat(patience(10, Optional.empty())).hasMinutes(1);
    assertThat(patience(180, Optional.of(Duration.ofSeconds(20)))).hasMinutes(3);
    assertThat(patience(60, Optional.of(Duration.ofMinutes(4)))).hasMinutes(4);
  }
}
