package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;

/** The application started the way production starts it, on a database of its own. */
final class StartedBackend implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");

  private final PlatformUnderTest platform;
  private final OptionalInt port;
  private final GenericContainer<?> container;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  StartedBackend(PlatformUnderTest platform, String database) {
    this(platform, platform.images().name(Role.BACKEND), database);
  }

  /** Another image in the backend's place. */
  StartedBackend(PlatformUnderTest platform, String image, String database) {
    this.platform = platform;
    this.port = platform.rig().backendPort();
    // It may as well refuse to start on such a database.
    this.container =
        platform.rig().backend(image).withEnv(platform.rig().backendEnvironment(database));
    port.ifPresent(container::withExposedPorts);
    container.start();
  }

  /** Waits until it answers anything at all or ends; whether it did one of them in time. */
  boolean awaitAnswerOrEnd() {
    Duration patience = platform.startPatience();
    try {
      Eventually.within(patience, () -> !container.isRunning() || answers(), () -> "no answer");
      return true;
    } catch (AssertionError neither) {
      LOG.info("The backend neither answers nor ends within {} s", patience.toSeconds());
      return false;
    }
  }

  private boolean answers() throws InterruptedException {
    return get(platform.platform().health().path()).isPresent();
  }

  /** What it answers to a GET; empty when it does not. */
  Optional<HttpResponse<String>> get(String path) throws InterruptedException {
    if (port.isEmpty()) {
      return Optional.empty();
    }
    String address =
        "http://" + container.getHost() + ":" + container.getMappedPort(port.getAsInt()) + path;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(15)).build();
    try {
      return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The end of what it printed. */
  String lastWords() {
    return new CommandResult(0, container.getLogs(), "").tail(15);
  }

  @Override
  public void close() {
    container.stop();
  }
}
