package dev.slipway.deploy.images;

import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.platform.Images;
import dev.slipway.release.ReleasedImage;
import java.util.Optional;

/** Where this machine has a release's images, to look at them and to send them to the server. */
public interface ImageSource {

  /** How images are to come to the server, and how long they are to stay there. */
  Images wanted();

  /** The registry to look into; empty where that would first have to be made. */
  Optional<RegistryClient> look();

  /**
   * A registry that has the image under its digest.
   *
   * @throws dev.slipway.SlipwayException when there is none, or the digest is another there
   */
  RegistryClient open(ReleasedImage image);

  /** Why this image cannot be sent from here; empty when it can, as far as can be told. */
  Optional<String> obstacle(ReleasedImage image);

  /** Why the registry gives no answer here; empty when it does, or there is none. */
  Optional<String> silence();

  /** Why there are no {@code latest} tags to move; empty when there are. */
  Optional<String> withoutLatest();
}
