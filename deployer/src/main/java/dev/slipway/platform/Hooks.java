package dev.slipway.platform;

import java.util.Optional;

/**
 * What a team runs before a deployment changes anything, and after it has ended in whatever way.
 *
 * @param before what may stop a deployment
 * @param after what is told of its outcome
 */
public record Hooks(Optional<Hook> before, Optional<Hook> after) {

  /** No hooks. */
  public static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty());
}
