package dev.slipway.plan;

import dev.slipway.image.ImageLayer;
import dev.slipway.platform.Transfer;
import dev.slipway.release.ReleaseManifest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is known of the server's images, and of the ways that others can take to it.
 *
 * @param images what its engine has
 * @param inUse the ids of images that a container uses, whoever's it is
 * @param freeBytes the room where the engine keeps images; absent when it is not known
 * @param wanted the layers of the wanted release's images that the server lacks, by service; a
 *     service is absent when they are not known
 * @param roads how images can come
 * @param kept the releases before the wanted one whose images must stay
 */
public record ImageStore(
    List<StoredImage> images,
    Set<String> inUse,
    OptionalLong freeBytes,
    Map<String, List<ImageLayer>> wanted,
    Roads roads,
    List<ReleaseManifest> kept) {

  /** Nothing is known, and images come from the registry. */
  public static final ImageStore UNKNOWN =
      new ImageStore(
          List.of(), Set.of(), OptionalLong.empty(), Map.of(), Roads.REGISTRY, List.of());

  /** Copies. */
  public ImageStore {
    images = List.copyOf(images);
    inUse = Set.copyOf(inUse);
    wanted = Map.copyOf(wanted);
    kept = List.copyOf(kept);
  }

  /**
   * The ways that images can take.
   *
   * @param transfer the way that was asked for
   * @param closed why the server cannot pull from the registry; empty when it can, or was not asked
   * @param source why this machine cannot send images through SSH; empty when it can
   * @param latest why the registry's {@code latest} tags cannot be moved; empty when they can
   */
  public record Roads(
      Transfer transfer,
      Optional<String> closed,
      Optional<String> source,
      Optional<String> latest) {

    /** The registry, which everybody reaches. */
    public static final Roads REGISTRY =
        new Roads(Transfer.REGISTRY, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same for a rollback, which does without a registry that is silent. */
  ImageStore onTheWayBack() {
    Roads relaxed =
        new Roads(
            roads.transfer(), roads.closed(), roads.source(), roads.latest().or(roads::source));
    return new ImageStore(images, inUse, freeBytes, wanted, relaxed, kept);
  }

  /** What the layers of the server's images unpack to. */
  public Set<String> layers() {
    Set<String> layers = new HashSet<>();
    images.forEach(image -> layers.addAll(image.layers()));
    return layers;
  }
}
