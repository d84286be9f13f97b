package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
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

  @ParameterizedTest
  @ValueSource(strings = {"REGISTRY", "CI_REGISTRY_IMAGE"})
  void refusesARegistryWithAScheme(String name) {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> new Environment(Map.of(name, "https://registry.example/team")).imageVariables());

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what()).startsWith("REGISTRY has a scheme");
    assertThat(refused.advice()).isEqualTo("Leave out https://.");
  }

  @Test
  void needsNoHealthUrl() {
    assertThat(new Environment(Map.of()).healthUrl()).isEmpty();
    assertThat(healthUrl(" ").healthUrl()).isEmpty();
  }

  @Test
  void keepsEverySecretThatAHookSees() {
    Environment environment =
        new Environment(
            Map.of(
                "PROD_SSH_KEY", "/run/key",
                "PROD_SSH_JUMP_KEY", "open sesame",
                "PROD_SSH_KEY_PASSPHRASE", "sword",
                "CI_REGISTRY_PASSWORD", "fish",
                "SLIPWAY_WEBHOOK_URL", "https://chat.example/t0k3n",
                "PROD_HEALTH_URL", "https://ann:barracuda@platform.example/health",
                "CI_JOB_TOKEN", "pikeperch",
                "USER", "ann"));

    assertThat(environment.secrets())
        .extracting(Secret::reveal)
        .containsExactlyInAnyOrder(
            "open sesame", "sword", "fish", "https://chat.example/t0k3n", "barracuda", "pikeperch");
  }
}
