package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {

  @ParameterizedTest
  @EnumSource(ExitCode.class)
  void isDocumented(ExitCode code) throws IOException {
    // Surefire runs in the module's folder.
    assertThat(Files.readAllLines(Path.of("../docs/exit-codes.md")))
        .anyMatch(line -> line.startsWith("| %d | `%s` |".formatted(code.status(), code)));
  }

  @Test
  void isTheOnlyOneWithItsStatus() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::status)).doesNotHaveDuplicates();
  }
}
