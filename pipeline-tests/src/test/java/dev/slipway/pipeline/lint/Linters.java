package dev.slipway.pipeline.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the Python linter that a backend pins, itself or by a lock file. */
final class Linters {

  private static final Pattern PINNED =
      Pattern.compile("(?m)(?:^|[\\[,])[\\s\"']*(ruff|flake8)\\s*==\\s*([0-9][\\w.]*)");

  /** A package of {@code poetry.lock} and {@code uv.lock}. */
  private static final Pattern LOCKED =
      Pattern.compile("(?m)^name = \"(ruff|flake8)\"\\R+version = \"([0-9][\\w.]*)\"");

  private static final Pattern NUMBERS = Pattern.compile("^(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?");

  private Linters() {}

  /**
   * A linter at the version that the backend pins.
   *
   * @param name {@code ruff} or {@code flake8}
   * @param version its version
   */
  record Pinned(String name, String version) {

    /** Looks at everything in the working directory; prints a line a finding. */
    List<String> command() {
      return repairs() ? List.of(name, "check", "--no-cache", brief(), ".") : List.of(name, ".");
    }

    /** Measured: {@code concise} is known from 0.2.0 on, {@code text} up to there. */
    private String brief() {
      int[] numbers = numbers();
      if (Arrays.compare(numbers, new int[] {0, 2, 0}) >= 0) {
        return "--output-format=concise";
      }
      return Arrays.compare(numbers, new int[] {0, 0, 291}) >= 0
          ? "--output-format=text"
          : "--format=text";
    }

    private int[] numbers() {
      Matcher matcher = NUMBERS.matcher(version);
      int[] numbers = new int[3];
      for (int index = 0; matcher.lookingAt() && index < numbers.length; index++) {
        String number = matcher.group(index + 1);
        numbers[index] = number == null ? 0 : Integer.parseInt(number);
      }
      return numbers;
    }

    /** Whether an end with this status means that it found something. */
    boolean found(int exitStatus) {
      return exitStatus == 1;
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
   * then in the lock files of Poetry and uv, and then in the folders above in the same way.
   */
  static Optional<Pinned> find(SourceFolder backend) {
    return backend.upwards().stream()
        .flatMap(
            folder ->
                find(backend.files(folder), "requirements.*\\.(txt|in)|pyproject\\.toml", PINNED)
                    .or(() -> find(backend.files(folder), "(poetry|uv)\\.lock", LOCKED))
                    .stream())
        .findFirst();
  }

  private static Optional<Pinned> find(List<Path> files, String names, Pattern pinned) {
    for (Path file : files) {
      if (!file.getFileName().toString().matches(names)) {
        continue;
      }
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
}
