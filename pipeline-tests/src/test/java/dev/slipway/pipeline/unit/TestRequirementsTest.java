package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    String otherwise = "{ python -c 'import pytest' 2>/dev/null || pip install";
    assertThat(TestRequirements.DEVELOPMENT.dockerfile("shop/backend:1", "/tests"))
        .contains("install --no-cache-dir -r requirements-dev.txt && " + otherwise);
    assertThat(TestRequirements.PRODUCTION.dockerfile("shop/backend:1", "/tests"))
        .contains(" && " + otherwise);
  }

  @ParameterizedTest
  @EnumSource(names = {"DEVELOPMENT", "PRODUCTION"})
  void bringsAPipToAnInterpreterThatHasNone(TestRequirements way) {
    assertThat(way.dockerfile("shop/backend:1", "/tests"))
        .contains(
            "\nRUN { python -m pip --version >/dev/null 2>&1 || python -m venv /slipway/tool; } && ")
        .contains("/slipway/tool/bin/pip --python \"$(command -v python)\" \"$@\"");
  }

  /** The image has them, in folders that are not there while it is built. */
  @Test
  void installsNoMemberOfAWorkspace() {
    assertThat(TestRequirements.UV.dockerfile("shop/backend:1", "/tests"))
        .contains("uv export --frozen --all-groups --all-extras --no-hashes --no-emit-workspace ");
  }

  @Test
  void saysWhereItLookedForWhatTestsNeed(@TempDir Path sources) throws IOException {
    Files.createDirectories(sources.resolve("services/api"));
    assertThat(TestRequirements.missing(sources, "services/api"))
        .startsWith("Neither requirements*.txt, nor poetry.lock or uv.lock with pyproject.toml in")
        .endsWith("write what pytest needs into services/api/requirements-dev.txt.");

    Files.createFile(sources.resolve("uv.lock"));
    assertThat(TestRequirements.missing(sources, "services/api"))
        .startsWith("uv.lock lies above services/api, and only files beside");
    assertThat(TestRequirements.missing(sources, ".")).startsWith("Neither");
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
