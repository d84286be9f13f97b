package dev.slipway.plan;

import dev.slipway.image.ImageReference;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.util.Collection;

/**
 * A container of the compose project whose service a release does not have.
 *
 * @param service what its label says
 * @param container as it was found
 * @param elsewhere whether it was made from other compose files than the platform's
 */
public record Leftover(String service, ContainerState container, boolean elsewhere) {

  private static final int BRIEF_ID = 12;

  /** Whether it runs an image of one of these releases, whatever its tag. */
  boolean isOf(Collection<ReleaseManifest> releases) {
    return releases.stream()
        .flatMap(release -> release.images().values().stream())
        .anyMatch(this::runs);
  }

  private boolean runs(ReleasedImage image) {
    return container.imageId().equals(image.id())
        || container.reference().map(ImageReference::name).filter(image.name()::equals).isPresent();
  }

  /** What is told of one that stays. */
  String advice(String release) {
    return advice(service, container.image(), container.id(), release);
  }

  /**
   * The same, with its fix.
   *
   * @param image the image name that it was created from
   * @param release the brief commit of the release that does not have it
   */
  public static String advice(String service, String image, String container, String release) {
    String id = container.substring(0, Math.min(BRIEF_ID, container.length()));
    return "%s (%s) is not in the compose file of %s and stays; when nobody needs it, on the server: `docker stop %s && docker rm %s`"
        .formatted(service, image, release, id, id);
  }
}
