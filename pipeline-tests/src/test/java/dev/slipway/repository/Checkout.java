package dev.slipway.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A working copy.
 *
 * @param root its topmost folder
 */
public record Checkout(Path root) {

  /** The checkout around the current directory, wherever the build was started. */
  public static Checkout current() {
    Path start = Path.of("").toAbsolutePath();
    return Stream.iterate(start, Path::getParent)
        .takeWhile(directory -> directory != null)
        .filter(directory -> Files.exists(directory.resolve(".gitlab-ci.yml")))
        .findFirst()
        .map(Checkout::new)
        .orElseThrow(() -> new IllegalStateException("No .gitlab-ci.yml above " + start));
  }

  /** A file in it, by its path from the root. */
  public Path resolve(String path) {
    return root.resolve(path);
  }

  /** The text of a file. */
  public String text(String path) {
    try {
      return Files.readString(resolve(path));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Files that are, or would with the next {@code git add} be, under version control. */
  public List<Path> versionedFiles() {
    return git("ls-files", "--cached", "--others", "--exclude-standard")
        .lines()
        .map(this::resolve)
        .filter(Files::isRegularFile)
        .toList();
  }

  /** Whether git ignores a path, so that writing there leaves the checkout clean. */
  public boolean ignores(String path) {
    return !git("check-ignore", "--no-index", path).isEmpty();
  }

  private String git(String... arguments) {
    List<String> command =
        Stream.concat(Stream.of("git", "-C", root.toString()), Stream.of(arguments)).toList();
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int status = process.waitFor();
      // check-ignore answers "no" with 1; everything above is an error.
      if (status > 1) {
        throw new IllegalStateException(String.join(" ", command) + " ended with " + status);
      }
      return output;
    } catch (IOException failure) {
      throw new UncheckedIOException("git did not start: " + String.join(" ", command), failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in " + String.join(" ", command), interrupt);
    }
  }
}
