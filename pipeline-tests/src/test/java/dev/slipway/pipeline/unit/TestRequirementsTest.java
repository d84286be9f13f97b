package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TestRequirementsTest {

  @Test
  void takesRequirementsOfDevelopmentBeforeALockFileAndThatBeforeRequirementsOfProduction() {
    assertThat(TestRequirements.of(Set.of("requirements-dev.txt", "pyproject.toml", "uv.lock")))
        .contains(TestRequirements.DEVELOPMENT);
    assertThat(TestRequirements.of(Set.of("requirements.txt", "pyproject.toml", "uv.lock")))
        .contains(TestRequirements.UV);
    assertThat(TestRequirements.of(Set.of("requirements.txt", "pyproject.toml", "poetry.lock")))
        .contains(TestRequirements.POETRY);
    assertThat(TestRequirements.of(Set.of("requirements.txt", "pyproject.toml")))
        .contains(TestRequirements.PRODUCTION);
  }

  @Test
  void installsPytestWhereNoFileBringsIt() {
    String otherwise = "{ python -c 'import pytest' 2>/dev/null || python -m pip install";
    assertThat(TestRequirements.DEVELOPMENT.dockerfile("shop/backend:1", "/tests"))
        .contains("install --no-cache-dir -r requirements-dev.txt && " + otherwise);
    assertThat(TestRequirements.PRODUCTION.dockerfile("shop/backend:1", "/tests"))
        .contains("\nRUN " + otherwise);
  }

  @Test
  void saysWhatItInstalls() {
    assertThat(TestRequirements.UV.added("backend")).isEqualTo("backend/uv.lock on top");
    assertThat(TestRequirements.PRODUCTION.added("."))
        .isEqualTo("pytest alone on top; write what else they need into requirements-dev.txt");
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
    assertThat(TestRequirements.DEVELOPMENT.reads("requirements-dev.txt")).isTrue();
    assertThat(TestRequirements.DEVELOPMENT.reads("README.txt")).isFalse();
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
