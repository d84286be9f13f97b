package dev.slipway.publish;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.image.ImageReference;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import dev.slipway.release.Verdict;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Publishes what a green verdict names, and nothing else. */
public final class Releaser {

  static final String LATEST = "latest";

  private final DockerEngine engine;
  private final Optional<RegistryLogin> login;
  private final Clock clock;
  private final UnaryOperator<String> address;

  /** A releaser that pushes from the local engine. */
  public Releaser(DockerEngine engine, Optional<RegistryLogin> login, Clock clock) {
    this(engine, login, clock, UnaryOperator.identity());
  }

  /** A releaser that pushes to where {@code address} has what a name names. */
  public Releaser(
      DockerEngine engine,
      Optional<RegistryLogin> login,
      Clock clock,
      UnaryOperator<String> address) {
    this.engine = engine;
    this.login = login;
    this.clock = clock;
    this.address = address;
  }

  /**
   * The release that {@link #publish} would push, its images still without digests; nothing is
   * changed anywhere.
   *
   * @param verdict what was proved
   * @param commit the commit that is to be released
   * @param names the name and tag that the compose file gives each built service
   * @param backend the service whose version the health endpoint must say; absent when it tells
   *     none
   * @param variables what the compose file needs to name these images
   * @throws SlipwayException when the verdict is not green, or an image that it names is not here
   */
  public ReleaseManifest propose(
      Verdict verdict,
      String commit,
      Map<String, ImageReference> names,
      Optional<String> backend,
      Map<String, String> variables) {
    verdict.requireGreen(commit);
    verdict.images().forEach(this::requireSameImage);
    Map<String, ReleasedImage> images = new TreeMap<>();
    verdict
        .images()
        .forEach((service, image) -> images.put(service, proposed(name(names, service), image)));
    return new ReleaseManifest(
        commit,
        backend
            .flatMap(service -> Optional.ofNullable(verdict.images().get(service)))
            .map(BuiltImage::version),
        images,
        verdict.schemaRevision(),
        variables,
        clock.instant(),
        verdict.previousFails());
  }

  private static ReleasedImage proposed(ImageReference reference, BuiltImage image) {
    return new ReleasedImage(
        reference.name(), reference.tag().orElse(LATEST), Optional.empty(), image.id());
  }

  /** Tags and pushes the images of a proposed release and reads their digests back. */
  public ReleaseManifest publish(ReleaseManifest proposed, Consumer<String> progress) {
    Map<String, ReleasedImage> images = new TreeMap<>();
    proposed.images().forEach((service, image) -> images.put(service, publish(image, progress)));
    return new ReleaseManifest(
        proposed.commit(),
        proposed.version(),
        images,
        proposed.schemaRevision(),
        proposed.variables(),
        clock.instant(),
        proposed.previousFails());
  }

  private void requireSameImage(String service, BuiltImage image) {
    if (!engine.hasImage(image.id())) {
      throw SlipwayException.refused(
          "The image of "
              + service
              + " that was proved, "
              + image.id()
              + ", is not on this machine.",
          "Run `mvn verify` here: what is shipped must be what was proved.");
    }
  }

  private static ImageReference name(Map<String, ImageReference> names, String service) {
    ImageReference name = names.get(service);
    if (name == null) {
      throw SlipwayException.refused(
          "The compose file gives service " + service + " no image name, so it cannot be pushed.",
          "Write `image: ${REGISTRY:?}/" + service + ":${TAG:?}` for it.");
    }
    return name;
  }

  /** Pushes one image; what comes back is named as before and has its digest. */
  ReleasedImage publish(ReleasedImage image, Consumer<String> progress) {
    String name = address.apply(image.name());
    progress.accept("Pushing " + name + ":" + image.tag());
    engine.tag(image.id(), name, image.tag());
    engine.push(name, image.tag(), login, progress);
    return new ReleasedImage(
        image.name(), image.tag(), Optional.of(digest(name, image.id())), image.id());
  }

  private String digest(String name, String imageId) {
    return engine.digests(imageId).stream()
        .filter(known -> known.startsWith(name + "@"))
        .map(known -> known.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(
            () ->
                new SlipwayException(
                    ExitCode.REFUSED,
                    "The registry named no digest for " + name + " after the push.",
                    "Push again; if it stays so, the registry does not store what it is sent."));
  }

  /**
   * Points {@code latest} of each of the release's images at it; called only after the health gate.
   */
  public void moveLatest(ReleaseManifest release, Consumer<String> progress) {
    release
        .images()
        .values()
        .forEach(
            image -> {
              if (image.digest().isEmpty() || image.tag().equals(LATEST)) {
                return;
              }
              if (!engine.hasImage(image.pinned())) {
                engine.pull(image.pinned(), login, progress);
              }
              engine.tag(image.pinned(), image.name(), LATEST);
              engine.push(image.name(), LATEST, login, progress);
            });
  }
}
