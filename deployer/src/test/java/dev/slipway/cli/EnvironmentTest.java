package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  private static Environment healthUrl(String text) {
    return new Environment(Map.of("PROD_HEALTH_URL", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "platform.example/health",
        "platform.example:8080/health",
        "ftp://platform.example/health",
        "http://",
        "https:///health",
        "/health",
        "https://platform example/health",
        "https://$HOST/health"
      })
  void refusesAHealthUrlThatIsNoWebAddress(String text) {
    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> healthUrl(text).healthUrl());

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo("PROD_HEALTH_URL is not an http or https address: " + text + ".");
    assertThat(refused.advice()).startsWith("Write it in full, such as https://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8080/health", "https://platform.example/health?deep=1"})
  void takesAHealthUrl(String text) {
    assertThat(healthUrl(text).healthUrl()).contains(URI.create(text));
  }

  @Test
  void needsNoHealthUrl() {
    assertThat(new Environment(Map.of()).healthUrl()).isEmpty();
    assertThat(healthUrl(" ").healthUrl()).isEmpty();
  }
}
