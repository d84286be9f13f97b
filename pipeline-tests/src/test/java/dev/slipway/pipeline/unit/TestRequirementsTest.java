package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TestRequirementsTest {

  @Test
  void takesRequirementsFilesBeforeALockFile() {
    assertThat(TestRequirements.of(Set.of("requirements.txt", "pyproject.toml", "uv.lock")))
        .contains(TestRequirements.REQUIREMENTS);
  }

  @Test
  void takesTheLockFileOfPoetryOrUv() {
    assertThat(TestRequirements.of(Set.of("poetry.lock", "pyproject.toml")))
        .contains(TestRequirements.POETRY);
    assertThat(TestRequirements.of(Set.of("uv.lock", "pyproject.toml", "Dockerfile")))
        .contains(TestRequirements.UV);
  }

  @Test
  void knowsNoOtherWay() {
    assertThat(TestRequirements.of(Set.of("pyproject.toml", "Dockerfile"))).isEmpty();
    assertThat(TestRequirements.of(Set.of("poetry.lock"))).isEmpty();
  }

  @Test
  void readsOnlyWhatItInstalls() {
    assertThat(TestRequirements.POETRY.reads("pyproject.toml")).isTrue();
    assertThat(TestRequirements.POETRY.reads("uv.lock")).isFalse();
    assertThat(TestRequirements.REQUIREMENTS.reads("requirements-dev.txt")).isTrue();
    assertThat(TestRequirements.REQUIREMENTS.reads("README.txt")).isFalse();
  }

  @Test
  void installsIntoTheInterpreterOfTheImageAndNotIntoTheToolsOwn() {
    assertThat(TestRequirements.POETRY.dockerfile("shop/backend:1", "/tests"))
        .startsWith("FROM shop/backend:1\nUSER root\n")
        .contains("poetry export --all-groups")
        .contains("pip --python \"$(command -v python)\" install")
        .endsWith("\nWORKDIR /tests\n");
  }
}
