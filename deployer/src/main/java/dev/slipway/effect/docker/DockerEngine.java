package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.command.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The local engine's images: looked at, tagged, pushed, pulled. */
public final class DockerEngine implements AutoCloseable {

  private final DockerClient client;
  private final URI address;

  private DockerEngine(EngineConnection connection) {
    this.client = connection.client();
    this.address = connection.address();
  }

  /**
   * Connects to the engine that {@code DOCKER_HOST} or the default socket names, or refuses with
   * the fix.
   */
  public static DockerEngine connect() {
    return new DockerEngine(EngineConnection.open());
  }

  /** The host on which published ports answer. */
  public String host() {
    return "tcp".equals(address.getScheme()) || "http".equals(address.getScheme())
        ? address.getHost()
        : "localhost";
  }

  /** The engine's version. */
  public String version() {
    return String.valueOf(client.versionCmd().exec().getVersion());
  }

  /** What its images run on, such as {@code amd64}. */
  public String architecture() {
    return String.valueOf(client.versionCmd().exec().getArch());
  }

  /** A builder of images that looks for BuildKit in these folders of programs. */
  public ImageBuilder builder(Shell shell, List<Path> path) {
    return new ImageBuilder(shell, client, path);
  }

  /** A runner of single commands, whose containers carry these labels. */
  public ContainerRunner runner(Map<String, String> labels) {
    return new ContainerRunner(client, labels);
  }

  /** A network for containers that go with it. */
  public ContainerGroup group(String name, Map<String, String> labels) {
    return new ContainerGroup(client, name, labels);
  }

  /** Starts a program in a running container, to talk to it in lines. */
  public Conversation converse(
      String container,
      Optional<String> directory,
      Map<String, String> environment,
      List<String> command) {
    return new ContainerConversation(client, container, directory, environment, command);
  }

  /** Runs a program in a running container to its end. */
  public CommandResult execute(
      String container,
      Optional<String> directory,
      Map<String, String> environment,
      List<String> command,
      Duration deadline) {
    return new ContainerCommand(client, container, directory, environment, command).run(deadline);
  }

  /** A registry in a container of this engine, after its image was pulled where that is missing. */
  public RegistryContainer registry(Consumer<String> progress) {
    if (!hasImage(RegistryContainer.IMAGE)) {
      pull(RegistryContainer.IMAGE, Optional.empty(), progress);
    }
    return RegistryContainer.start(client, !host().equals("localhost"));
  }

  /** A compose project in this engine. */
  public ComposeProject project(String name) {
    return new ComposeProject(client, name);
  }

  /** What is in an image's layers and configuration. */
  public ImageContent content(String image) {
    return new ImageContent(client, image);
  }

  /** Whether the engine has the image. */
  public boolean hasImage(String image) {
    return inspect(image).isPresent();
  }

  /** The id of an image. */
  public Optional<String> imageId(String image) {
    return inspect(image).map(InspectImageResponse::getId);
  }

  /** The digests under which registries know an image, as {@code name@sha256:…}. */
  public List<String> digests(String image) {
    return inspect(image)
        .map(InspectImageResponse::getRepoDigests)
        .map(List::copyOf)
        .orElse(List.of());
  }

  private Optional<InspectImageResponse> inspect(String image) {
    try {
      return Optional.of(client.inspectImageCmd(image).exec());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** Gives an image another name. */
  public void tag(String image, String name, String tag) {
    client.tagImageCmd(image, name, tag).exec();
  }

  /** Pushes a tag, telling {@code progress} what a person would want to read. */
  public void push(
      String name, String tag, Optional<RegistryLogin> login, Consumer<String> progress) {
    ImageTransfer.push(client, name, tag, login, progress);
  }

  /** Pulls an image by digest or tag. */
  public void pull(String pinned, Optional<RegistryLogin> login, Consumer<String> progress) {
    ImageTransfer.pull(client, pinned, login, progress);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
