package dev.slipway.pipeline.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintersTest {

  @TempDir Path backend;

  @Test
  void takesThePinOfARequirementsFile() throws IOException {
    Files.writeString(backend.resolve("requirements-dev.txt"), "pytest==8.0.0\nruff==0.14.0\n");

    assertThat(Linters.find(backend)).contains(new Linters.Pinned("ruff", "0.14.0"));
  }

  @Test
  void takesTheVersionThatALockFileHolds() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "ruff = \">=0.9.3\"\n");
    Files.writeString(
        backend.resolve("poetry.lock"),
        "[[package]]\nname = \"ruff\"\nversion = \"0.9.10\"\ndescription = \"a linter\"\n");

    assertThat(Linters.find(backend)).contains(new Linters.Pinned("ruff", "0.9.10"));
  }

  @Test
  void takesThePinOfAListOnOneLine() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\"pytest\", \"flake8==7.3.0\"]\n");

    assertThat(Linters.find(backend)).contains(new Linters.Pinned("flake8", "7.3.0"));
  }

  @Test
  void prefersThePinOfTheProjectToTheLockFile() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\n  \"ruff==0.14.1\",\n]\n");
    Files.writeString(backend.resolve("uv.lock"), "name = \"ruff\"\nversion = \"0.9.10\"\n");

    assertThat(Linters.find(backend)).contains(new Linters.Pinned("ruff", "0.14.1"));
  }

  @Test
  void findsNoneWhereTheVersionIsLeftOpen() throws IOException {
    Files.writeString(backend.resolve("pyproject.toml"), "dev = [\"ruff>=0.9\"]\n");

    assertThat(Linters.find(backend)).isEmpty();
  }

  @Test
  void advisesOnlyWhatTheLinterCanDo() {
    assertThat(new Linters.Pinned("ruff", "0.14.0").advice("backend"))
        .isEqualTo("Mend these lines, or run `ruff check --fix` in backend.");
    assertThat(new Linters.Pinned("flake8", "7.3.0").advice("backend"))
        .isEqualTo("Mend these lines, then look again with `flake8 .` in backend.");
  }
}
