package dev.slipway.pipeline;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes, fills, copies and deletes folders. */
public final class Folders {

  private Folders() {}

  /** Makes a folder and those above it; nothing when it is there. */
  public static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a text file, making the folder that it goes into. */
  public static void write(Path file, String text) {
    create(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes a folder with all that is in it; nothing when there is none.
   *
   * @throws SlipwayException when something in it is another user's
   */
  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (AccessDeniedException e) {
      throw undeletable(folder, e);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof AccessDeniedException denied ? undeletable(folder, denied) : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SlipwayException undeletable(Path folder, AccessDeniedException why) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "Files of an earlier run cannot be deleted: "
            + why.getFile()
            + " is another user's, such as that of a container which wrote it.",
        "Delete them as root, by `sudo rm -rf "
            + folder
            + "` or `docker run --rm -v "
            + folder
            + ":/folder debian:12 find /folder -mindepth 1 -delete`, and run it again.",
        why);
  }

  /** Copies the content of a folder over another one's; links stay links. */
  public static void copy(Path source, Path target) {
    try (Stream<Path> all = Files.walk(source)) {
      for (Path path : all.toList()) {
        Path copy = target.resolve(source.relativize(path).toString());
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(
              path,
              copy,
              LinkOption.NOFOLLOW_LINKS,
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
