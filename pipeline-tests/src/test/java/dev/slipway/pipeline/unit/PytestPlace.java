package dev.slipway.pipeline.unit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where pytest is started: in the backend's folder, or in the repository's root when pytest is
 * configured there.
 *
 * @param folder the folder, relative to the repository's root
 * @param arguments which tests, from there
 * @see <a
 *     href="https://docs.pytest.org/en/stable/reference/customize.html#finding-the-rootdir">pytest,
 *     finding the rootdir</a>
 */
record PytestPlace(String folder, List<String> arguments) {

  private static final List<String> ALWAYS = List.of("pytest.ini", ".pytest.ini");
  private static final Pattern TABLE =
      Pattern.compile("^\\s*\\[(?:tool[.:])?pytest(?:\\.ini_options)?\\]", Pattern.MULTILINE);

  /** Copies. */
  PytestPlace {
    arguments = List.copyOf(arguments);
  }

  /**
   * The place for a backend.
   *
   * @param root the repository's root
   * @param backend the backend's folder, relative to it
   */
  static PytestPlace of(Path root, String backend) {
    Path folder = root.resolve(backend);
    boolean fromTheRoot =
        !isConfigured(folder)
            && (isConfigured(root) || Files.isRegularFile(root.resolve("conftest.py")));
    return fromTheRoot && !folder.normalize().equals(root.normalize())
        ? new PytestPlace(".", List.of(backend))
        : new PytestPlace(backend, List.of());
  }

  private static boolean isConfigured(Path folder) {
    return ALWAYS.stream().map(folder::resolve).anyMatch(Files::isRegularFile)
        || Stream.of("pyproject.toml", "tox.ini", "setup.cfg")
            .map(folder::resolve)
            .anyMatch(PytestPlace::hasTable);
  }

  private static boolean hasTable(Path file) {
    try {
      return Files.isRegularFile(file)
          && TABLE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
