package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.image.ImageReference;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses to start one major version of PostgreSQL on the data of another, which it cannot read.
 *
 * @param composition of the release
 * @param causes the services that need another container
 * @param database the service that is the database
 */
record PostgresMajorCheck(
    Composition composition, HostState state, Set<String> causes, Optional<String> database) {

  /** Before PostgreSQL 10 a major version had two numbers. */
  private static final Pattern MAJOR = Pattern.compile("9\\.\\d+|\\d+");

  /**
   * Checks; what is not known is let through.
   *
   * @throws SlipwayException refusing, with what to do
   */
  void require() {
    database.filter(causes::contains).ifPresent(this::require);
  }

  private void require(String service) {
    ContainerState container = state.containers().get(service);
    String image = composition.foreignImages().get(service);
    if (container == null || image == null) {
      return;
    }
    Optional<String> standing = known(container.imageId());
    Optional<String> wanted = wanted(ImageReference.parse(image), container);
    if (standing.isPresent() && wanted.isPresent() && !standing.equals(wanted)) {
      throw refused(service, standing.get(), wanted.get(), image);
    }
  }

  private Optional<String> known(String imageId) {
    return Optional.ofNullable(state.postgresMajors().get(imageId));
  }

  /** By its tag, an image that is not there yet, where that of the container tells it so, too. */
  private Optional<String> wanted(ImageReference image, ContainerState container) {
    String id = state.images().get(image.listed());
    if (id != null) {
      return known(id);
    }
    boolean byTag =
        container
            .reference()
            .filter(standing -> standing.name().equals(image.name()))
            .flatMap(PostgresMajorCheck::tagged)
            .equals(known(container.imageId()));
    return byTag ? tagged(image) : Optional.empty();
  }

  private static Optional<String> tagged(ImageReference image) {
    return image.tag().map(MAJOR::matcher).filter(Matcher::lookingAt).map(Matcher::group);
  }

  private static SlipwayException refused(
      String service, String standing, String wanted, String image) {
    return SlipwayException.refused(
        "%s runs PostgreSQL %s, and the release brings %s (%s), which does not start on the data of another major version."
            .formatted(service, standing, wanted, image),
        "Take that change back, or move the data by hand: commit a volume by another name with it, so"
            + " that the old one stays; in a maintenance window, dump (`pg_dumpall`), `git checkout`"
            + " that commit on the server, bring up "
            + service
            + " alone (`up -d --no-deps "
            + service
            + "`) and restore into it. Then deploy again.");
  }
}
