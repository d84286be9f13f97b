package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.Folders;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PytestPlaceTest {

  private static final PytestPlace ROOT = new PytestPlace(".", List.of("backend"));
  private static final PytestPlace BACKEND = new PytestPlace("backend", List.of());

  @TempDir private Path root;

  @BeforeEach
  void makeBackend() {
    Folders.write(root.resolve("backend/pyproject.toml"), "[tool.ruff]\n");
  }

  private PytestPlace place() {
    return PytestPlace.of(root, "backend");
  }

  @Test
  void isTheBackendsFolderWhereTheRootSaysNothingOfPytest() {
    Folders.write(root.resolve("pyproject.toml"), "[tool.pytest-watch]\n");

    assertThat(place()).isEqualTo(BACKEND);
  }

  @ParameterizedTest
  @CsvSource({
    "pytest.ini,''",
    ".pytest.ini,''",
    "conftest.py,''",
    "pyproject.toml,[tool.pytest.ini_options]",
    "pyproject.toml,[tool.pytest]",
    "tox.ini,[pytest]",
    "setup.cfg,[tool:pytest]"
  })
  void isTheRootWherePytestIsConfiguredThere(String file, String text) {
    Folders.write(root.resolve(file), text + "\n");

    assertThat(place()).isEqualTo(ROOT);
  }

  @Test
  void isTheBackendsFolderWhereItIsConfiguredThere() {
    Folders.write(root.resolve("pytest.ini"), "");
    Folders.write(root.resolve("backend/setup.cfg"), "[tool:pytest]\n");

    assertThat(place()).isEqualTo(BACKEND);
  }

  @Test
  void isTheRootThatIsTheBackendsFolder() {
    Folders.write(root.resolve("pytest.ini"), "");

    assertThat(PytestPlace.of(root, ".")).isEqualTo(new PytestPlace(".", List.of()));
  }
}
