package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.RegistryLogin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        "https://$HOST/health",
        "http://platform.example:99999/health"
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

  private static final Map<String, String> JOB =
      Map.of(
          "CI_REGISTRY", "registry.example:5050",
          "CI_REGISTRY_USER", "gitlab-ci-token",
          "CI_REGISTRY_PASSWORD", "swordfish");

  @Test
  void givesTheJobsLoginToGitlabsOwnRegistryAlone() {
    Environment job = new Environment(JOB);

    assertThat(job.registryLogin("registry.example:5050"))
        .contains(
            new RegistryLogin(
                "registry.example:5050",
                "gitlab-ci-token",
                Secret.of("swordfish"),
                "CI_REGISTRY_PASSWORD"));
    for (String other : new String[] {"registry.example", "elsewhere.example:5050", ""}) {
      assertThat(job.registryLogin(other)).as(other).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"REGISTRY_USER", "REGISTRY_PASSWORD"})
  void takesUserAndPasswordTogether(String half) {
    Map<String, String> variables = new HashMap<>(JOB);
    variables.put(half, "half of one");

    assertThat(new Environment(variables).registryLogin("elsewhere.example")).isEmpty();
    assertThat(new Environment(variables).registryLogin("registry.example:5050"))
        .hasValueSatisfying(login -> assertThat(login.user()).isEqualTo("gitlab-ci-token"));

    variables.putAll(Map.of("REGISTRY_USER", "robot", "REGISTRY_PASSWORD", "barracuda"));
    assertThat(new Environment(variables).registryLogin("elsewhere.example"))
        .contains(
            new RegistryLogin(
                "elsewhere.example", "robot", Secret.of("barracuda"), "REGISTRY_PASSWORD"));
  }

  @Test
  void refusesABuildThatItDoesNotKnow() {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> new Environment(Map.of("SLIPWAY_BUILD", "new")).buildsFresh());

    assertThat(refused.what()).isEqualTo("SLIPWAY_BUILD is `new`, which means nothing.");
    assertThat(refused.advice()).startsWith("Set it to fresh");
  }

  @Test
  void rehearsesOnlyWhenItIsTold() {
    assertThat(new Environment(Map.of()).rehearses()).isFalse();
    assertThat(new Environment(Map.of("SLIPWAY_REHEARSAL", "true")).rehearses()).isTrue();
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> new Environment(Map.of("SLIPWAY_REHEARSAL", "yes")).rehearses());

    assertThat(refused.what()).isEqualTo("SLIPWAY_REHEARSAL is `yes`, which means nothing.");
  }

  @Test
  void namesTheHalfOfALoginThatIsMissing() {
    assertThat(new Environment(Map.of("REGISTRY_PASSWORD", "x")).halfALogin())
        .contains(new Environment.HalfALogin("REGISTRY_PASSWORD", "REGISTRY_USER"));
    assertThat(
            new Environment(Map.of("REGISTRY_USER", "x", "CI_REGISTRY_PASSWORD", "x")).halfALogin())
        .contains(new Environment.HalfALogin("REGISTRY_USER", "REGISTRY_PASSWORD"));
    assertThat(new Environment(Map.of("REGISTRY_USER", "x", "REGISTRY_PASSWORD", "x")).halfALogin())
        .isEmpty();
    assertThat(new Environment(Map.of("CI_REGISTRY_USER", "x")).halfALogin()).isEmpty();
  }

  @Test
  void needsNoHealthUrl() {
    assertThat(new Environment(Map.of()).healthUrl()).isEmpty();
    assertThat(healthUrl(" ").healthUrl()).isEmpty();
  }

  @Test
  void keepsEverySecretThatAHookSees(@TempDir Path folder) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "open the door");
    Environment environment =
        new Environment(
            Map.of(
                "PROD_SSH_KEY", key.toString(),
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
            "open the door",
            "open sesame",
            "sword",
            "fish",
            "https://chat.example/t0k3n",
            "barracuda",
            "pikeperch");
  }
}
