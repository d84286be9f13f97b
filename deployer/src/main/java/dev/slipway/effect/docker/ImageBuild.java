package dev.slipway.effect.docker;

import dev.slipway.effect.git.GitRepository;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ComposeFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An image to build.
 *
 * @param context the folder that is sent to the builder
 * @param dockerfile the recipe; empty: {@code Dockerfile} in the context
 * @param name the local name and tag that it gets
 * @param labels what it is labelled with
 * @param arguments build arguments
 */
public record ImageBuild(
    Path context,
    Optional<Path> dockerfile,
    String name,
    Map<String, String> labels,
    Map<String, String> arguments) {

  private static final String VERSION_LABEL = "org.opencontainers.image.revision";
  private static final String RECIPE_LABEL = "dev.slipway.built-from";

  /** Copies. */
  public ImageBuild {
    labels = Map.copyOf(labels);
    arguments = Map.copyOf(arguments);
  }

  /** A build without labels and arguments. */
  public static ImageBuild of(Path context, String name) {
    return new ImageBuild(context, Optional.empty(), name, Map.of(), Map.of());
  }

  /**
   * One of the images that a platform builds for itself, named after the commit that it is built
   * from.
   *
   * @param sources the platform's folder as the commit has it
   */
  public static ImageBuild of(
      GitRepository repository,
      Platform platform,
      BuiltService service,
      String commit,
      Path sources) {
    String version = repository.lastChange(commit, service.folder()).orElse(commit);
    Path context = sources.resolve(service.folder());
    return new ImageBuild(
        context,
        Optional.of(context.resolve(service.dockerfile())),
        "slipway.local/%s/%s:%s"
            .formatted(platform.name(), service.name(), commit.substring(0, 12)),
        Map.of(
            VERSION_LABEL,
            version,
            RECIPE_LABEL,
            builtFrom(service) + " with " + platform.settings().versionArgument(),
            "org.opencontainers.image.source",
            repository.origin().orElse("unknown")),
        Map.of(platform.settings().versionArgument(), version));
  }

  private static String builtFrom(BuiltService service) {
    return service.dockerfile().equals(ComposeFile.DOCKERFILE)
        ? service.folder()
        : service.folder() + " by " + service.dockerfile();
  }

  /** The last commit that changed what it is built from. */
  public String version() {
    return labels.getOrDefault(VERSION_LABEL, "");
  }

  /**
   * Whether an image with these labels was built from the same sources in the same way; what it
   * starts from may have moved since.
   */
  public boolean made(Map<String, String> ofImage) {
    return Stream.of(VERSION_LABEL, RECIPE_LABEL)
        .allMatch(
            label -> labels.containsKey(label) && labels.get(label).equals(ofImage.get(label)));
  }

  Path recipe() {
    return dockerfile.orElse(context.resolve(ComposeFile.DOCKERFILE));
  }
}
