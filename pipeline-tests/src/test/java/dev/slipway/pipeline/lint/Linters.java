package dev.slipway.pipeline.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the Python linter that a backend pins, itself or by a lock file. */
final class Linters {

  private static final Pattern PINNED =
      Pattern.compile("(?m)(?:^|[\\[,])[\\s\"']*(ruff|flake8)\\s*==\\s*([0-9][\\w.]*)");

  /** A package of {@code poetry.lock} and {@code uv.lock}. */
  private static final Pattern LOCKED =
      Pattern.compile("(?m)^name = \"(ruff|flake8)\"\\R+version = \"([0-9][\\w.]*)\"");

  private Linters() {}

  /**
   * A linter at the version that the backend pins.
   *
   * @param name {@code ruff} or {@code flake8}
   * @param version its version
   */
  record Pinned(String name, String version) {

    /** Looks at everything in the working directory. */
    List<String> command() {
      return repairs()
          ? List.of(name, "check", "--no-cache", "--output-format=concise", ".")
          : List.of(name, ".");
    }

    /** What to do about its findings. */
    String advice(String folder) {
      return repairs()
          ? "Mend these lines, or run `ruff check --fix` in " + folder + "."
          : "Mend these lines, then look again with `flake8 .` in " + folder + ".";
    }

    private boolean repairs() {
      return name.equals("ruff");
    }
  }

  /**
   * The pinned linter, looked for in the backend's requirements files and {@code pyproject.toml},
   * then in the lock files of Poetry and uv.
   */
  static Optional<Pinned> find(Path backend) {
    return find(backend, "requirements.*\\.(txt|in)|pyproject\\.toml", PINNED)
        .or(() -> find(backend, "(poetry|uv)\\.lock", LOCKED));
  }

  private static Optional<Pinned> find(Path backend, String names, Pattern pinned) {
    for (Path file : candidates(backend, names)) {
      try {
        Matcher matcher = pinned.matcher(Files.readString(file));
        if (matcher.find()) {
          return Optional.of(new Pinned(matcher.group(1), matcher.group(2)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Optional.empty();
  }

  private static List<Path> candidates(Path backend, String names) {
    try (Stream<Path> files = Files.list(backend)) {
      return files.filter(file -> file.getFileName().toString().matches(names)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
