package dev.slipway.effect.git;

import dev.slipway.SlipwayException;
import dev.slipway.command.ShellCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of a commit, written as a checkout has them. An archive of git's would lack what {@code
 * .gitattributes} marks with {@code export-ignore}, such as the tests.
 *
 * @see <a href="https://git-scm.com/docs/gitattributes#_creating_an_archive">git's
 *     export-ignore</a>
 */
final class Export {

  /** Without a repository's own hooks, submodules and sparse folders; modes as most people have. */
  private static final List<String> GIT =
      List.of(
          "-c",
          "umask 022 && exec git \"$@\"",
          "git",
          "--literal-pathspecs",
          "-c",
          "core.hooksPath=/dev/null",
          "-c",
          "submodule.recurse=false",
          "-c",
          "core.sparseCheckout=false");

  private static final byte[] POINTER =
      "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.US_ASCII);

  private final String repository;
  private final Consumer<ShellCommand> git;

  /**
   * From a repository.
   *
   * @param repository git's own folder of it, as an absolute path
   * @param git runs a command, and refuses when it fails
   */
  Export(String repository, Consumer<ShellCommand> git) {
    this.repository = repository;
    this.git = git;
  }

  /**
   * Writes the folder into another one.
   *
   * @param prefix the folder inside its repository, empty or ending with a slash
   */
  void write(String commit, String prefix, Path target) {
    Path beside = target.resolveSibling(target.getFileName() + ".export").toAbsolutePath();
    Path tree = beside.resolve("tree");
    try {
      Files.createDirectories(tree);
      checkOut(commit, prefix, beside.resolve("index"), tree);
      move(tree.resolve(prefix), target);
      delete(beside);
      refusePointers(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkOut(String commit, String prefix, Path index, Path tree) {
    git.accept(
        ShellCommand.of("sh")
            .with(GIT)
            .with("--git-dir=" + repository, "--work-tree=" + tree, "-C", tree.toString())
            .with("checkout", "--quiet", commit, "--", prefix.isEmpty() ? "." : prefix)
            .withVariable("GIT_INDEX_FILE", index.toString()));
  }

  private static void move(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.move(file, target.resolve(file.getFileName()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void refusePointers(Path target) throws IOException {
    List<String> pointers;
    try (Stream<Path> files = Files.walk(target)) {
      pointers =
          files
              .filter(Export::isPointer)
              .map(file -> target.relativize(file).toString())
              .sorted()
              .limit(10)
              .toList();
    }
    if (!pointers.isEmpty()) {
      throw SlipwayException.refused(
          "Git LFS keeps these files, and it is not installed here, so that a line about each would"
              + " ship in its place: "
              + String.join(", ", pointers)
              + ".",
          "Install it: `apt-get install git-lfs && git lfs install && git lfs pull`.");
    }
  }

  private static boolean isPointer(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream content = Files.newInputStream(file)) {
      return Arrays.equals(content.readNBytes(POINTER.length), POINTER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
