package dev.slipway.ledger;

/**
 * What a run left of a service, to tell later whether somebody changed it by hand.
 *
 * @param imageId the id of the image that its container runs
 * @param configuration compose's own hash of the container's configuration, empty without one
 * @param running whether it ran
 */
public record Footprint(String imageId, String configuration, boolean running) {

  /** Whether compose made its container. */
  public boolean hasConfiguration() {
    return !configuration.isEmpty();
  }
}
