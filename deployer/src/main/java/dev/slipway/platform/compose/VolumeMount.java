package dev.slipway.platform.compose;

import java.util.Optional;

/**
 * Something mounted into a service's container.
 *
 * @param type {@code volume}, {@code bind}, {@code tmpfs} or another type that compose knows
 * @param source the named volume or the path on the host; empty: an anonymous volume or tmpfs
 * @param target the path within the container
 * @param readOnly whether the container may not write to it
 */
public record VolumeMount(String type, Optional<String> source, String target, boolean readOnly) {

  /** Whether it shows something of the host that is not of the compose file's own folder. */
  public boolean isOfTheHost() {
    return type.equals("bind")
        && source.filter(path -> path.startsWith("/") || path.startsWith("~")).isPresent();
  }

  /** Reads the short syntax, {@code [SOURCE:]TARGET[:MODE]}. */
  static VolumeMount parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length == 1) {
      return new VolumeMount("volume", Optional.empty(), text, false);
    }
    boolean path = parts[0].startsWith("/") || parts[0].startsWith(".") || parts[0].startsWith("~");
    boolean readOnly = parts.length > 2 && parts[2].matches("(.*,)?ro(,.*)?");
    return new VolumeMount(path ? "bind" : "volume", Optional.of(parts[0]), parts[1], readOnly);
  }
}
