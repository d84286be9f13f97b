package dev.slipway.deploy;

import dev.slipway.ledger.Footprint;
import dev.slipway.ledger.History;
import dev.slipway.plan.ContainerState;
import dev.slipway.platform.Platform;
import dev.slipway.release.ReleaseManifest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

  /**
   * What is to be seen of it.
   *
   * @param containers by service; of two, the new one
   * @param cutOff whether a swap was begun and not ended
   */
  static Remains of(
      Platform platform, History history, Map<String, ContainerState> containers, boolean cutOff) {
    Optional<ReleaseManifest> current = history.current();
    if (current.isEmpty()) {
      return NONE;
    }
    Map<String, Footprint> left = history.footprints();
    Set<String> images = new TreeSet<>();
    for (String service : platform.withSharers(current.get().images().keySet())) {
      Footprint footprint = left.get(service);
      ContainerState container = containers.get(service);
      if (footprint != null
          && container != null
          && !footprint.imageId().equals(container.imageId())) {
        images.add(container.imageId());
      }
    }
    current.get().images().values().forEach(image -> images.remove(image.id()));
    return new Remains(cutOff && !history.leftSomethingUndone(), images);
  }

  /** Whether another release may serve than the ledger says. */
  public boolean leaveDoubt() {
    return cutOff || !images.isEmpty();
  }
}
