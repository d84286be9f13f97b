package dev.slipway.effect.docker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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

  /** Copies. */
  public ImageBuild {
    labels = Map.copyOf(labels);
    arguments = Map.copyOf(arguments);
  }

  /** A build without labels and arguments. */
  public static ImageBuild of(Path context, String name) {
    return new ImageBuild(context, Optional.empty(), name, Map.of(), Map.of());
  }

  Path recipe() {
    return dockerfile.orElse(context.resolve("Dockerfile"));
  }
}
