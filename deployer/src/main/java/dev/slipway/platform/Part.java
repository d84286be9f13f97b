package dev.slipway.platform;

import java.util.Optional;

/**
 * Where the platform has the service of a role.
 *
 * @param service its name in the compose file; empty: the platform has none
 * @param folder its build context; empty: not built from the platform's repository
 * @param dockerfile what that is built by, relative to it
 * @param required whether the compose file must have it
 * @param sources its sources where another service's image is built from them; empty: none, or in
 *     its own folder
 */
public record Part(
    Optional<String> service,
    Optional<String> folder,
    String dockerfile,
    boolean required,
    Optional<String> sources) {

  /** One that no other service's image is built from. */
  Part(Optional<String> service, Optional<String> folder, String dockerfile, boolean required) {
    this(service, folder, dockerfile, required, Optional.empty());
  }
}
