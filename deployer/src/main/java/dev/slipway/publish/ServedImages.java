package dev.slipway.publish;

import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.effect.http.registry.RegistryImage;
import dev.slipway.image.ImageReference;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Images that need no build: what the registry has under {@code latest}, which moves only after a
 * release was seen to serve.
 */
public final class ServedImages {

  private final Map<String, ImageReference> names;
  private final @Nullable RegistryClient registry;
  private final Optional<RegistryLogin> login;
  private Optional<String> obstacle;

  private ServedImages(
      Map<String, ImageReference> names,
      @Nullable RegistryClient registry,
      Optional<RegistryLogin> login,
      Optional<String> obstacle) {
    this.names = Map.copyOf(names);
    this.registry = registry;
    this.login = login;
    this.obstacle = obstacle;
  }

  /** Those of a registry, by service. */
  public static ServedImages of(
      Map<String, ImageReference> names, RegistryClient registry, Optional<RegistryLogin> login) {
    return new ServedImages(names, registry, login, Optional.empty());
  }

  /** None, where no registry is configured. */
  public static ServedImages none() {
    return new ServedImages(Map.of(), null, Optional.empty(), Optional.empty());
  }

  /** None, and why although a registry is configured. */
  public static ServedImages none(String why) {
    return new ServedImages(Map.of(), null, Optional.empty(), Optional.of(why));
  }

  /**
   * What was found.
   *
   * @param id the image, which the engine has now under the name of the build; absent: build it
   * @param why why it has to be built; absent where nothing is configured that could have it
   */
  public record Taken(Optional<String> id, Optional<String> why) {

    private static Taken image(String id) {
      return new Taken(Optional.of(id), Optional.empty());
    }

    private static Taken nothing(String why) {
      return new Taken(Optional.empty(), Optional.of(why));
    }
  }

  /** Takes a service's image instead of building it, if it was built from the same sources. */
  public synchronized Taken take(
      String service, ImageBuild build, DockerEngine engine, Consumer<String> progress) {
    ImageReference name = names.get(service);
    if (obstacle.isPresent() || registry == null || name == null) {
      return new Taken(Optional.empty(), obstacle);
    }
    try {
      Optional<String> digest = registry.digest(name.repository(), Releaser.LATEST);
      if (digest.isEmpty()) {
        return Taken.nothing(name.name() + " has no " + Releaser.LATEST + " yet");
      }
      ImageReference pinned =
          new ImageReference(name.registry(), name.repository(), Optional.empty(), digest);
      RegistryImage image = RegistryImage.read(registry, name.repository(), digest.get());
      if (!build.made(image.labels())) {
        return Taken.nothing("what serves was built from other sources");
      }
      if (!image.architecture().equals(engine.architecture())) {
        return Taken.nothing("what serves is for " + image.architecture());
      }
      return Taken.image(pull(pinned, build.name(), engine, progress));
    } catch (IOException silent) {
      obstacle = registry.silence().or(() -> Optional.of(refusal(silent)));
      return new Taken(Optional.empty(), obstacle);
    } catch (SlipwayException unreadable) {
      return Taken.nothing(unreadable.what());
    }
  }

  private String pull(
      ImageReference pinned, String local, DockerEngine engine, Consumer<String> progress) {
    String image = pinned.toString();
    if (!engine.hasImage(image)) {
      engine.pull(image, login, progress);
    }
    ImageReference name = ImageReference.parse(local);
    engine.tag(image, name.name(), name.tag().orElse(Releaser.LATEST));
    return engine.imageId(image).orElseThrow();
  }

  private String refusal(IOException failure) {
    return registry
        + " does not tell what serves: "
        + failure.getMessage()
        + (login.isEmpty() ? ", without a login" : "");
  }
}
