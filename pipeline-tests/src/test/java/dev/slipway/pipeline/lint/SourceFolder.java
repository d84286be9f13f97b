package dev.slipway.pipeline.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of the platform with those above it, where tools look for their configuration, too.
 *
 * @param root the platform's root
 * @param path the folder, relative to it; {@code .} is the root itself
 */
record SourceFolder(Path root, String path) {

  /** The folder and those above it, up to the platform's root, each relative to that. */
  List<String> upwards() {
    List<String> folders = new ArrayList<>();
    for (Path at = Path.of(path).normalize(); at != null; at = at.getParent()) {
      if (!at.toString().isEmpty()) {
        folders.add(at.toString());
      }
    }
    folders.add("");
    return folders;
  }

  /** The files that lie in one of these folders, in the order of their names. */
  List<Path> files(String folder) {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a file with such a name lies in one of these folders. */
  boolean has(String folder, String names) {
    return files(folder).stream().anyMatch(file -> file.getFileName().toString().matches(names));
  }

  /** The text of a file in one of these folders; empty when there is none. */
  String text(String folder, String name) {
    Path file = root.resolve(folder).resolve(name);
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of a name in a folder and those below it, relative to that folder. */
  List<Path> below(String folder, String name) {
    Path start = root.resolve(folder);
    try (Stream<Path> files = Files.walk(start)) {
      return files
          .filter(file -> file.endsWith(name) && Files.isRegularFile(file))
          .map(start::relativize)
          .filter(file -> !file.toString().contains("node_modules"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What people call it. */
  String title() {
    String name = Path.of(path).normalize().toString();
    return name.isEmpty() ? "the platform's root" : name;
  }

  /** How people name a file in it. */
  String named(String file) {
    return Path.of(path).resolve(file).normalize().toString();
  }
}
