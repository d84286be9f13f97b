package dev.slipway.publish;

import dev.slipway.SlipwayException;
import dev.slipway.deploy.images.ImageSource;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.RegistryContainer;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.image.ImageReference;
import dev.slipway.platform.Images;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where images are for the time of one command when there is no registry: in one that is started
 * from this machine's engine when it is first needed, and removed at the end.
 */
public final class Depot implements ImageSource, AutoCloseable {

  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Images wanted;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private final Consumer<String> progress;
  private final Set<ReleasedImage> held = new HashSet<>();
  private @Nullable Opened opened;

  private record Opened(
      DockerEngine engine, RegistryContainer registry, RegistryClient client, Releaser releaser) {}

  /** A depot that is not open yet. */
  public Depot(Images wanted, Clock clock, Consumer<Duration> pause, Consumer<String> progress) {
    this.wanted = wanted;
    this.clock = clock;
    this.pause = pause;
    this.progress = progress;
  }

  @Override
  public Images wanted() {
    return wanted;
  }

  private Opened opened() {
    Opened known = opened;
    if (known == null) {
      progress.accept(
          "No registry is configured: images are laid out in one on this machine while this runs.");
      DockerEngine engine = DockerEngine.connect();
      RegistryContainer registry = engine.registry(progress);
      RegistryClient client = RegistryClient.of(registry.name(), engine.host(), Optional.empty());
      known =
          new Opened(
              engine,
              registry,
              client,
              new Releaser(
                  engine,
                  Optional.empty(),
                  clock,
                  name -> registry.name() + "/" + ImageReference.parse(name).repository()));
      opened = known;
      awaitAnswer(client);
    }
    return known;
  }

  private void awaitAnswer(RegistryClient client) {
    Instant end = clock.instant().plus(ANSWERS_WITHIN);
    Optional<String> silence = client.silence();
    while (silence.isPresent()) {
      if (!clock.instant().isBefore(end)) {
        throw SlipwayException.refused(
            "The registry that was started on this machine is silent: " + silence.get() + ".",
            "Look at its log: `docker logs` of the container of " + RegistryContainer.IMAGE + ".");
      }
      pause.accept(BETWEEN_LOOKS);
      silence = client.silence();
    }
  }

  /** The release with the digests that its images have here. */
  public ReleaseManifest publish(ReleaseManifest proposed) {
    ReleaseManifest published = opened().releaser().publish(proposed, line -> {});
    held.addAll(published.images().values());
    return published;
  }

  @Override
  public Optional<RegistryClient> look() {
    return Optional.ofNullable(opened).map(Opened::client);
  }

  @Override
  public RegistryClient open(ReleasedImage image) {
    if (!held.contains(image)) {
      obstacle(image)
          .ifPresent(
              why -> {
                throw SlipwayException.refused(
                    "The image " + image.tagged() + " cannot be sent: " + why + ".",
                    "Run `mvn verify` and `slipway release` here, then deploy again.");
              });
      if (!opened().releaser().publish(image, line -> {}).equals(image)) {
        throw SlipwayException.refused(
            "The image "
                + image.id()
                + " has another digest on this machine than "
                + image.pinned()
                + ", which was released elsewhere.",
            "Run `slipway release` here, then deploy again.");
      }
      held.add(image);
    }
    return opened().client();
  }

  @Override
  public Optional<String> obstacle(ReleasedImage image) {
    if (held.contains(image)) {
      return Optional.empty();
    }
    try (DockerEngine engine = DockerEngine.connect()) {
      return engine.hasImage(image.id())
          ? Optional.empty()
          : Optional.of(
              "no registry is configured, and this machine's engine has no " + image.id());
    } catch (SlipwayException noEngine) {
      return Optional.of("no registry is configured, and " + noEngine.what());
    }
  }

  @Override
  public Optional<String> silence() {
    return Optional.empty();
  }

  @Override
  public Optional<String> withoutLatest() {
    return Optional.of("no registry is configured");
  }

  @Override
  public void close() {
    Opened known = opened;
    if (known != null) {
      opened = null;
      held.forEach(
          image ->
              known
                  .registry()
                  .forget(
                      known.registry().name()
                          + "/"
                          + ImageReference.parse(image.name()).repository(),
                      image.tag()));
      known.registry().close();
      known.engine().close();
    }
  }
}
