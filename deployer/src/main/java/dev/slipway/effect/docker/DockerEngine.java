package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.PushResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.Conversation;
import dev.slipway.command.Shell;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The local engine's images: looked at, tagged, pushed, pulled. */
public final class DockerEngine implements AutoCloseable {

  /** The oldest API that Slipway works with: Engine 20.10. */
  private static final String OLDEST_API = "1.41";

  private static final Duration PUSH_DEADLINE = Duration.ofMinutes(20);

  private final DockerClient client;
  private final URI address;

  private DockerEngine(DockerClient client, URI address) {
    this.client = client;
    this.address = address;
  }

  /**
   * Connects to the engine that {@code DOCKER_HOST} or the default socket names, or refuses with
   * the fix.
   */
  public static DockerEngine connect() {
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withApiVersion(OLDEST_API).build();
    DockerClient client =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .build());
    DockerEngine engine = new DockerEngine(client, config.getDockerHost());
    engine.requireApi();
    return engine;
  }

  private void requireApi() {
    Version version;
    try {
      version = client.versionCmd().exec();
    } catch (RuntimeException e) {
      throw SlipwayException.refused(
          "No Docker Engine answers at " + address + ": " + e.getMessage() + ".",
          "Run `bin/setup`, which installs and starts one, or start yours; DOCKER_HOST names another.");
    }
    if (older(String.valueOf(version.getApiVersion()), OLDEST_API)) {
      throw SlipwayException.refused(
          "The Docker Engine at "
              + address
              + " speaks API "
              + version.getApiVersion()
              + ", Slipway needs "
              + OLDEST_API
              + ".",
          "Upgrade to Docker Engine 20.10 or newer.");
    }
  }

  static boolean older(String found, String wanted) {
    String[] left = found.split("\\.", -1);
    String[] right = wanted.split("\\.", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int difference = Integer.parseInt(left[i]) - Integer.parseInt(right[i]);
      if (difference != 0) {
        return difference < 0;
      }
    }
    return left.length < right.length;
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

  /** A builder of images that looks for BuildKit in these folders of programs. */
  public ImageBuilder builder(Shell shell, List<Path> path) {
    return new ImageBuilder(shell, client, path);
  }

  /** A runner of single commands, whose containers carry these labels. */
  public ContainerRunner runner(Map<String, String> labels) {
    return new ContainerRunner(client, labels);
  }

  /** Starts a program in a running container, to talk to it in lines. */
  public Conversation converse(
      String container,
      Optional<String> directory,
      Map<String, String> environment,
      List<String> command) {
    return new ContainerConversation(client, container, directory, environment, command);
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
    Transfer<PushResponseItem> transfer = new Transfer<>(progress);
    await(
        client.pushImageCmd(name).withTag(tag).withAuthConfig(authConfig(login)).exec(transfer),
        "push " + name + ":" + tag);
  }

  /** Pulls an image by digest or tag. */
  public void pull(String pinned, Optional<RegistryLogin> login, Consumer<String> progress) {
    Transfer<PullResponseItem> transfer = new Transfer<>(progress);
    await(
        client.pullImageCmd(pinned).withAuthConfig(authConfig(login)).exec(transfer),
        "pull " + pinned);
  }

  private static AuthConfig authConfig(Optional<RegistryLogin> login) {
    AuthConfig config = new AuthConfig();
    login.ifPresent(
        known ->
            config
                .withRegistryAddress(known.registry())
                .withUsername(known.user())
                .withPassword(known.password().reveal()));
    return config;
  }

  private static void await(Transfer<?> transfer, String what) {
    try {
      if (!transfer.awaitCompletion(PUSH_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw failed(what, "no end after " + PUSH_DEADLINE.toMinutes() + " minutes", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(what, "interrupted", e);
    } catch (DockerException e) {
      throw failed(what, String.valueOf(e.getMessage()), e);
    }
    transfer
        .error()
        .ifPresent(
            error -> {
              throw failed(what, error, null);
            });
  }

  private static SlipwayException failed(String what, String why, @Nullable Throwable cause) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "Could not " + what + ": " + why.strip() + ".",
        "Check that the registry is up and that REGISTRY, REGISTRY_USER and REGISTRY_PASSWORD are right.",
        cause);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Turns the engine's stream of layer states into lines, and keeps the error that the stream may
   * carry.
   */
  private static final class Transfer<T extends ResponseItem> extends ResultCallback.Adapter<T> {

    private final Consumer<String> progress;
    private volatile @Nullable String error;

    private Transfer(Consumer<String> progress) {
      this.progress = progress;
    }

    @Override
    public void onNext(T item) {
      ResponseItem.ErrorDetail detail = item.getErrorDetail();
      if (detail != null && detail.getMessage() != null) {
        error = detail.getMessage();
        return;
      }
      String status = item.getStatus();
      if (status != null && item.getProgressDetail() == null && item.getId() != null) {
        progress.accept(item.getId() + " " + status);
      }
    }

    private Optional<String> error() {
      return Optional.ofNullable(error);
    }
  }
}
