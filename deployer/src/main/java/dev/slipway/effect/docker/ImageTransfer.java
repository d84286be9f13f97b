package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.PushResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One image on its way to or from a registry: turns the engine's stream of layer states into lines,
 * and keeps the error that the stream may carry.
 */
final class ImageTransfer<T extends ResponseItem> extends ResultCallback.Adapter<T> {

  private static final Duration DEADLINE = Duration.ofMinutes(20);

  private final Consumer<String> progress;
  private volatile @Nullable String error;

  private ImageTransfer(Consumer<String> progress) {
    this.progress = progress;
  }

  static void push(
      DockerClient client,
      String name,
      String tag,
      Optional<RegistryLogin> login,
      Consumer<String> progress) {
    ImageTransfer<PushResponseItem> transfer = new ImageTransfer<>(progress);
    client.pushImageCmd(name).withTag(tag).withAuthConfig(authConfig(login)).exec(transfer);
    transfer.await("push", name + ":" + tag);
  }

  static void pull(
      DockerClient client,
      String pinned,
      Optional<RegistryLogin> login,
      Consumer<String> progress) {
    ImageTransfer<PullResponseItem> transfer = new ImageTransfer<>(progress);
    client.pullImageCmd(pinned).withAuthConfig(authConfig(login)).exec(transfer);
    transfer.await("pull", pinned);
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

  private void await(String verb, String image) {
    String what = verb + " " + image;
    try (this) {
      if (!awaitCompletion(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw failed(what, "no end after " + DEADLINE.toMinutes() + " minutes", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.REFUSED,
          "The " + verb + " of " + image + " was interrupted.",
          "Run the same command again; what has arrived is not sent twice.",
          e);
    } catch (DockerException e) {
      throw failed(what, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String told = error;
    if (told != null) {
      throw failed(what, told, null);
    }
  }

  private static SlipwayException failed(String what, String why, @Nullable Throwable cause) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "Could not " + what + ": " + why.strip() + ".",
        "Check that the registry is up and that REGISTRY, REGISTRY_USER and REGISTRY_PASSWORD are right.",
        cause);
  }
}
