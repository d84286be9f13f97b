package dev.slipway.deploy;

import java.util.Set;

/**
 * What a run has left that never told how it ended.
 *
 * @param cutOff whether a swap was begun and not ended
 * @param images ids of images that the platform's services run, and that no run which told its end
 *     has left them
 */
public record Remains(boolean cutOff, Set<String> images) {

  /** Nothing. */
  public static final Remains NONE = new Remains(false, Set.of());

  /** Copies. */
  public Remains {
    images = Set.copyOf(images);
  }

  /** Whether another release may serve than the ledger says. */
  public boolean leaveDoubt() {
    return cutOff || !images.isEmpty();
  }
}
