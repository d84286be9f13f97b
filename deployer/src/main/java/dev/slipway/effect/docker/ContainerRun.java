package dev.slipway.effect.docker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One command in a new container that is removed when the command ends.
 *
 * @param image what it runs in
 * @param arguments the command
 * @param environment its variables
 * @param network the network that it joins
 * @param user who it runs as; empty: the image's own user
 * @param directory the folder it runs in; empty: the image's own
 * @param files a folder that is copied in before the start, and where to
 */
public record ContainerRun(
    String image,
    List<String> arguments,
    Map<String, String> environment,
    Optional<String> network,
    Optional<String> user,
    Optional<String> directory,
    Optional<Files> files) {

  /** Copies. */
  public ContainerRun {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * A folder to copy.
   *
   * @param source here
   * @param target in the container; must exist there
   */
  public record Files(Path source, String target) {}

  /** A command in an image, with nothing else set. */
  public static ContainerRun of(String image, List<String> arguments) {
    return new ContainerRun(
        image,
        arguments,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with variables. */
  public ContainerRun with(Map<String, String> variables) {
    return new ContainerRun(image, arguments, variables, network, user, directory, files);
  }

  /** The same in a network. */
  public ContainerRun on(String networkName) {
    return new ContainerRun(
        image, arguments, environment, Optional.of(networkName), user, directory, files);
  }

  /** The same in a folder of the container. */
  public ContainerRun in(String folder) {
    return new ContainerRun(
        image, arguments, environment, network, user, Optional.of(folder), files);
  }

  /** The same as a user. */
  public ContainerRun as(String userName) {
    return new ContainerRun(
        image, arguments, environment, network, Optional.of(userName), directory, files);
  }

  /** The same with the content of a folder copied to another, which it runs in. */
  public ContainerRun copying(Path source, String target) {
    return new ContainerRun(
        image,
        arguments,
        environment,
        network,
        user,
        Optional.of(target),
        Optional.of(new Files(source, target)));
  }
}
