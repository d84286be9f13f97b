package dev.slipway.platform;

import java.util.Map;
import java.util.Optional;

/** Where the texts of a platform's files come from; paths are relative to its root. */
public interface PlatformSource {

  /** The text of a file, if there is such a file. */
  Optional<String> text(String path);

  /** Whether there is such a file or folder. */
  boolean exists(String path);

  /** A source that holds its texts itself. */
  static PlatformSource of(Map<String, String> texts) {
    Map<String, String> copy = Map.copyOf(texts);
    return new PlatformSource() {
      @Override
      public Optional<String> text(String path) {
        return Optional.ofNullable(copy.get(path));
      }

      @Override
      public boolean exists(String path) {
        return copy.keySet().stream()
            .anyMatch(file -> file.equals(path) || file.startsWith(path + "/"));
      }
    };
  }
}
