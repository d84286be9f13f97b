package dev.slipway.pipeline.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerIgnoreTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".env*",
        ".env.production",
        "/.env.production",
        "./.env.*",
        "**/.env*",
        "*",
        ".*",
        ".env.productio?",
        "!.env.production\n.env*",
        "\uFEFF.env*",
      })
  void leavesOut(String text) {
    assertThat(DockerIgnore.parse(text).leavesOut(".env.production")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# .env*",
        ".env",
        "*.production.local",
        "*/.env*",
        ".env*\n!.env.production",
        "**\n!**/.env.production",
        ".git\nnode_modules\n\n!",
        ".env[p",
      })
  void leavesIn(String text) {
    assertThat(DockerIgnore.parse(text).leavesOut(".env.production")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"frontend", "frontend/", "*/.env*", "frontend/**", "**/.env*"})
  void leavesOutWhatLiesInAFolder(String text) {
    assertThat(DockerIgnore.parse(text).leavesOut("frontend/.env.production")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {".env*", "front", "*\n!frontend/.env.production", "*\n!frontend"})
  void leavesInWhatLiesInAFolder(String text) {
    assertThat(DockerIgnore.parse(text).leavesOut("frontend/.env.production")).isFalse();
  }
}
