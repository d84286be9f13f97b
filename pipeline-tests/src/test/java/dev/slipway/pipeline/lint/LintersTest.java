package dev.slipway.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintersTest {

  @TempDir Path backend;

  @Test
  void takesThePinOfARequirementsFile() throws IOException {
    Files.writeString(backend.resolve("requirements-dev.txt"), "pytest==8.0.0\nruff==0.14.0\n");

    assertThat(find()).contains(new Linters.Pinned("ruff", "0.14.0"));
  }

  @Test
  void takesTheVersionThatALockFileHolds() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "ruff = \">=0.9.3\"\n");
    Files.writeString(
        backend.resolve("poetry.lock"),
        "[[package]]\nname = \"ruff\"\nversion = \"0.9.10\"\ndescription = \"a linter\"\n");

    assertThat(find()).contains(new Linters.Pinned("ruff", "0.9.10"));
  }

  @Test
  void takesThePinOfAListOnOneLine() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\"pytest\", \"flake8==7.3.0\"]\n");

    assertThat(find()).contains(new Linters.Pinned("flake8", "7.3.0"));
  }

  @Test
  void prefersThePinOfTheProjectToTheLockFile() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\n  \"ruff==0.14.1\",\n]\n");
    Files.writeString(backend.resolve("uv.lock"), "name = \"ruff\"\nversion = \"0.9.10\"\n");

    assertThat(find()).contains(new Linters.Pinned("ruff", "0.14.1"));
  }

  @Test
  void findsNoneWhereTheVersionIsLeftOpen() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\"ruff>=0.9\"]\n");

    assertThat(find()).isEmpty();
  }

  @Test
  void advisesOnlyWhatTheLinterCanDo() {
    assertThat(new Linters.Pinned("ruff", "0.14.0").advice("backend"))
        .isEqualTo("Mend these lines, or run `ruff check --fix` in backend.");
    assertThat(new Linters.Pinned("flake8", "7.3.0").advice("backend"))
        .isEqualTo("Mend these lines, then look again with `flake8 .` in backend.");
  }

  @Test
  void takesThePinOfAFolderAboveWhereTheBackendHasNone() throws IOException {
    Path api = Files.createDirectories(backend.resolve("services/api"));
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\"ruff==0.14.1\"]\n");
    SourceFolder below = new SourceFolder(backend, "services/api");

    assertThat(Linters.find(below)).contains(new Linters.Pinned("ruff", "0.14.1"));

    Files.writeString(api.resolve("uv.lock"), "name = \"ruff\"\nversion = \"0.9.10\"\n");
    assertThat(Linters.find(below)).contains(new Linters.Pinned("ruff", "0.9.10"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.290, --format=text",
    "0.0.291, --output-format=text",
    "0.1.15, --output-format=text",
    "0.2.0, --output-format=concise",
    "0.14.0, --output-format=concise",
    "1.0, --output-format=concise"
  })
  void asksForAFormatThatTheVersionOfRuffKnows(String version, String format) {
    assertThat(new Linters.Pinned("ruff", version).command())
        .containsExactly("ruff", "check", "--no-cache", format, ".");
  }

  private Optional<Linters.Pinned> find() {
    return Linters.find(new SourceFolder(backend, "."));
  }
}
