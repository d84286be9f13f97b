package dev.slipway.platform;

import dev.slipway.platform.compose.ServiceSpec;

/**
 * A service whose image is built from the platform's repository.
 *
 * @param role what it is for
 * @param spec what the compose file says of it
 * @param folder its build context, relative to the platform's root, without a slash at its end
 * @param dockerfile what it is built by, relative to that
 */
public record BuiltService(Role role, ServiceSpec spec, String folder, String dockerfile) {

  /** Its name in the compose file. */
  public String name() {
    return spec.name();
  }
}
