package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendTestsTest {

  @ParameterizedTest
  @CsvSource({
    "'2 skipped in 0.02s', true",
    "'2 skipped, 1 warning in 0.02s', true",
    "'===== 2 skipped, 3 deselected, 2 warnings in 61.02s (0:01:01) =====', true",
    "'1 passed, 2 skipped in 0.02s', false",
    "'2 skipped, 1 xfailed in 0.02s', false",
    "'1 failed, 2 skipped in 0.02s', false",
    "'no tests ran in 0.02s', false"
  })
  void tellsARunThatSkippedEverything(String last, boolean all) {
    assertThat(BackendTests.skippedAll(new CommandResult(0, "ss  [100%]\n" + last + "\n", "")))
        .isEqualTo(all);
  }
}
