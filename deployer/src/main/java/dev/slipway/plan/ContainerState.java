package dev.slipway.plan;

import dev.slipway.image.ImageReference;
import dev.slipway.release.ReleasedImage;
import java.util.Map;
import java.util.Optional;

/**
 * A service's container as it was found.
 *
 * @param id the engine's container id
 * @param image the image name that it was created from
 * @param imageId the id of the image that it runs
 * @param state the engine's word, such as {@code running}
 * @param health the engine's word on its health check; absent without a health check
 * @param publishedPorts where the server reaches it, by the container's TCP port
 * @param restarts how often the engine has started it again by itself
 * @param exitStatus what it ended with; 0 as long as it has not
 */
public record ContainerState(
    String id,
    String image,
    String imageId,
    String state,
    Optional<String> health,
    Map<Integer, PublishedPort> publishedPorts,
    int restarts,
    int exitStatus) {

  /** Copies. */
  public ContainerState {
    publishedPorts = Map.copyOf(publishedPorts);
  }

  /** Whether it runs and its health check, if any, has passed. */
  public boolean well() {
    return state.equals("running") && health.map("healthy"::equals).orElse(true);
  }

  /** Whether it has done its work and ended. */
  public boolean done() {
    return state.equals("exited") && exitStatus == 0;
  }

  /** Whether both were made from images of one name, whatever their tags. */
  public boolean hasImageNameOf(ContainerState other) {
    Optional<String> name = reference().map(ImageReference::name);
    return name.isPresent() && name.equals(other.reference().map(ImageReference::name));
  }

  /**
   * What is wrong with it, as the end of a sentence about its service; nothing while its health
   * check has not decided yet.
   */
  public Optional<String> illness() {
    if (done()) {
      return Optional.empty();
    }
    if (!state.equals("running")) {
      return Optional.of(
          state.equals("exited") ? "ended with exit status " + exitStatus : "is " + state);
    }
    return health.filter("unhealthy"::equals).map(ill -> "is unhealthy by its own health check");
  }

  /**
   * The image as a release would name it, for a server that was deployed by hand until now; empty
   * where the container was made from a digest or an id, which no tag can bring back.
   */
  Optional<ReleasedImage> asReleased() {
    return reference()
        .filter(named -> named.digest().isEmpty())
        .map(
            named ->
                new ReleasedImage(
                    named.name(), named.tag().orElse("latest"), Optional.empty(), imageId));
  }

  /** The image name that it was created from; empty where that is an id. */
  Optional<ImageReference> reference() {
    try {
      return image.startsWith("sha256:")
          ? Optional.empty()
          : Optional.of(ImageReference.parse(image));
    } catch (IllegalArgumentException id) {
      return Optional.empty();
    }
  }
}
