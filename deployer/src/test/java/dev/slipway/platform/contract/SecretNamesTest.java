package dev.slipway.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTGRES_PASSWORD",
        "password",
        "DB_PASS",
        "SECRET_KEY",
        "JWT_SECRET",
        "API_KEY",
        "apikey",
        "apiKey",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "PRIVATE_KEY",
        "dbPassword",
        "POSTGRES_PASSWORD_OLD",
        "SECRET_KEY_V2",
        "SECRET_KEY_2",
        "ENCRYPTION_PASSWORD1",
        "DB_PASSWORDS",
        "API_KEYS",
        "API_TOKENS",
        "SECRETS",
        "AUTH_KEY",
        "JWT_KEY"
      })
  void knowsNamesOfSecrets(String name) {
    assertThat(SecretNames.matches(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTGRES_PASSWORD_FILE",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        "POSTGRES_USER",
        "KEY",
        "PUBLIC_KEY",
        "COMPASS",
        "PASSWORD_MIN_LENGTH",
        "PASSWORD_RESET_URL",
        "API_KEY_HEADER",
        "MAX_TOKENS",
        "KEYS",
        "TOKENIZER"
      })
  void leavesOtherNamesAlone(String name) {
    assertThat(SecretNames.matches(name)).isFalse();
  }
}
