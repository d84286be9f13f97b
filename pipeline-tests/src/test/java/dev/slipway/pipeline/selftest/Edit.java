package dev.slipway.pipeline.selftest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One place in one file that a fault changes.
 *
 * @param file relative to the platform's root
 * @param find what stands there, exactly once
 * @param replace what stands there with the fault
 */
record Edit(String file, String find, String replace) {

  /** What takes it back. */
  Edit undone() {
    return new Edit(file, /* find= */ replace, /* replace= */ find);
  }

  void apply(Path platform) {
    Path path = platform.resolve(file);
    try {
      String text = Files.readString(path);
      int place = text.indexOf(find);
      if (place < 0 || text.indexOf(find, place + 1) >= 0) {
        throw new IllegalStateException(
            file
                + (place < 0 ? " does not hold" : " holds more than once")
                + " what the fault replaces; adapt `find` to the platform of today:\n"
                + find);
      }
      Files.writeString(
          path, text.substring(0, place) + replace + text.substring(place + find.length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
