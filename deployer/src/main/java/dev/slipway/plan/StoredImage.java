package dev.slipway.plan;

import dev.slipway.release.ReleasedImage;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image that the server's engine has.
 *
 * @param id the engine's image id
 * @param tags its names with tags
 * @param digests its names with digests
 * @param layers what its layers unpack to, the lowest first
 */
public record StoredImage(String id, List<String> tags, List<String> digests, List<String> layers) {

  /** Copies. */
  public StoredImage {
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
    layers = List.copyOf(layers);
  }

  /** Every name that it has. */
  public List<String> names() {
    return Stream.concat(tags.stream(), digests.stream()).toList();
  }

  /** Whether it is this image of a release, under whatever registry's name it came. */
  public boolean is(ReleasedImage image) {
    return id.equals(image.id())
        || tags.contains(image.tagged())
        || image
            .digest()
            .map(digest -> digests.stream().anyMatch(known -> known.endsWith("@" + digest)))
            .orElse(false);
  }
}
