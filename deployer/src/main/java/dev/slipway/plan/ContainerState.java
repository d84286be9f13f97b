package dev.slipway.plan;

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

  /** Whether it runs and its health check, if any, does not say otherwise. */
  public boolean serving() {
    return state.equals("running") && !health.map("unhealthy"::equals).orElse(false);
  }

  /** Whether it runs and its health check, if any, has passed. */
  public boolean well() {
    return state.equals("running") && health.map("healthy"::equals).orElse(true);
  }

  /** Whether it has done its work and ended. */
  public boolean done() {
    return state.equals("exited") && exitStatus == 0;
  }

  /** Where the server reaches the lowest of its own ports. */
  public Optional<PublishedPort> firstPort() {
    return publishedPorts.entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  /** The image as a release would name it, for a server that was deployed by hand until now. */
  ReleasedImage asReleased() {
    int colon = image.lastIndexOf(':');
    boolean tagged = colon > image.lastIndexOf('/');
    return new ReleasedImage(
        tagged ? image.substring(0, colon) : image,
        tagged ? image.substring(colon + 1) : "latest",
        Optional.empty(),
        imageId);
  }
}
