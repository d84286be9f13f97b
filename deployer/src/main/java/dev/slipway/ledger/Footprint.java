package dev.slipway.ledger;

import java.util.Objects;

/**
 * What a run left of a service, to tell later whether somebody changed it by hand.
 *
 * @param imageId the id of the image that its container runs
 * @param configuration compose's own hash of the container's configuration, empty without one
 * @param settings a hash of what the engine was told of the container, but for the name of its
 *     image; empty where that is not known, as in entries of before
 * @param running whether it ran
 */
public record Footprint(String imageId, String configuration, String settings, boolean running) {

  /** Completes what an entry of before has not. */
  public Footprint {
    settings = Objects.requireNonNullElse(settings, "");
  }

  /**
   * Whether both are configured alike: compose says so or, since that goes by the name of the image
   * and its tag, too, the engine does.
   */
  public boolean isConfiguredAs(Footprint other) {
    return configuration.equals(other.configuration)
        || (!settings.isEmpty() && settings.equals(other.settings));
  }

  /** Whether compose made its container. */
  public boolean hasConfiguration() {
    return !configuration.isEmpty();
  }
}
