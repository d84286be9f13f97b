package dev.slipway.release;

import java.util.Optional;

/**
 * An image of a release, as the registry and the server know it.
 *
 * @param name registry and repository, without tag
 * @param tag the tag that the compose file names
 * @param digest the registry's digest; absent for an image that was not pushed yet, and for one
 *     that was found on the server and never came from a registry
 * @param id the engine's image id
 */
public record ReleasedImage(String name, String tag, Optional<String> digest, String id) {

  /** What is pulled: by digest, so that nobody can have moved it. */
  public String pinned() {
    return digest.map(value -> name + "@" + value).orElse(id);
  }

  /** What the compose file asks for. */
  public String tagged() {
    return name + ":" + tag;
  }
}
