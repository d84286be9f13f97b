package dev.slipway.pipeline;

import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of the repository that a service mounts, such as its configuration. */
final class MountedFiles {

  private MountedFiles() {}

  /**
   * By their places in the container. A folder that holds nothing but hidden files is one for data
   * and is left out.
   *
   * @param folder the compose file's
   */
  static Map<String, Path> of(ServiceSpec service, Path folder) {
    Map<String, Path> files = new TreeMap<>();
    for (VolumeMount mount : service.volumes()) {
      mount
          .source()
          .filter(source -> mount.type().equals("bind") && source.startsWith("."))
          .map(source -> folder.resolve(source).normalize())
          .filter(MountedFiles::holdsSomething)
          .ifPresent(path -> files.put(mount.target(), path));
    }
    return files;
  }

  private static boolean holdsSomething(Path path) {
    if (!Files.isDirectory(path)) {
      return Files.isRegularFile(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.anyMatch(entry -> !entry.getFileName().toString().startsWith("."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
