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

/** Finds the Python linter that a backend pins. */
final class Linters {

  private static final Pattern PINNED =
      Pattern.compile("(?m)^[\\s\"']*(ruff|flake8)\\s*==\\s*([0-9][\\w.]*)");

  private Linters() {}

  /**
   * A linter at the version that the backend pins.
   *
   * @param name {@code ruff} or {@code flake8}
   * @param version its version
   */
  record Pinned(String name, String version) {}

  /**
   * The pinned linter, looked for in the backend's requirements files and {@code pyproject.toml}.
   */
  static Optional<Pinned> find(Path backend) {
    for (Path file : candidates(backend)) {
      try {
        Matcher matcher = PINNED.matcher(Files.readString(file));
        if (matcher.find()) {
          return Optional.of(new Pinned(matcher.group(1), matcher.group(2)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Optional.empty();
  }

  private static List<Path> candidates(Path backend) {
    try (Stream<Path> files = Files.list(backend)) {
      return files
          .filter(
              file ->
                  file.getFileName()
                      .toString()
                      .matches("requirements.*\\.(txt|in)|pyproject\\.toml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
