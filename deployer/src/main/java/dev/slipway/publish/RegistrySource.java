package dev.slipway.publish;

import dev.slipway.deploy.images.ImageSource;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.platform.Images;
import dev.slipway.release.ReleasedImage;
import java.util.Optional;

/** The registry that releases are pushed to, as this machine reaches it. */
public final class RegistrySource implements ImageSource {

  private final Images wanted;
  private final RegistryClient registry;
  private Optional<String> silence = Optional.empty();
  private boolean asked;

  /** The registry behind a client. */
  public RegistrySource(Images wanted, RegistryClient registry) {
    this.wanted = wanted;
    this.registry = registry;
  }

  @Override
  public Images wanted() {
    return wanted;
  }

  @Override
  public Optional<RegistryClient> look() {
    return silence().isEmpty() ? Optional.of(registry) : Optional.empty();
  }

  @Override
  public RegistryClient open(ReleasedImage image) {
    return registry;
  }

  /** Asked once: a registry that does not answer takes seconds to do so. */
  @Override
  public synchronized Optional<String> silence() {
    if (!asked) {
      silence = registry.silence();
      asked = true;
    }
    return silence;
  }

  @Override
  public Optional<String> obstacle(ReleasedImage image) {
    return silence();
  }

  @Override
  public Optional<String> withoutLatest() {
    return Optional.empty();
  }
}
