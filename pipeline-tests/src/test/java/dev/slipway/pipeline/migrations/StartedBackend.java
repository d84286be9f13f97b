package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.Eventually;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.Role;
import dev.slipway.platform.ServiceSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** The application started the way production starts it, on a database of its own. */
final class StartedBackend implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SHELL = Pattern.compile("(\\S*sh) (-\\w*c) ([^\"'].*)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

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
    this.port = port(platform);
    this.container =
        platform
            .rig()
            .backend(image)
            .withEnv(platform.rig().backendEnvironment(database))
            .waitingFor(
                new AbstractWaitStrategy() {
                  @Override
                  protected void waitUntilReady() {
                    // It may as well refuse to start on such a database.
                  }
                });
    ServiceSpec spec = platform.platform().backend();
    container.withCreateContainerCmdModifier(
        command -> {
          spec.entrypoint().map(StartedBackend::words).ifPresent(command::withEntrypoint);
          spec.command().map(StartedBackend::words).ifPresent(command::withCmd);
        });
    port.ifPresent(container::withExposedPorts);
    container.start();
  }

  private static OptionalInt port(PlatformUnderTest platform) {
    OptionalInt exposed =
        platform.engine().content(platform.images().name(Role.BACKEND)).exposedPort();
    return exposed.isPresent()
        ? exposed
        : platform.platform().backend().containerPorts().stream()
            .mapToInt(Integer::intValue)
            .findFirst();
  }

  /** The words of a compose file's command, which is known as one line only. */
  static List<String> words(String line) {
    Matcher shell = SHELL.matcher(line);
    if (shell.matches()) {
      return List.of(shell.group(1), shell.group(2), shell.group(3));
    }
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group().replaceAll("^[\"']|[\"']$", ""));
    }
    return words;
  }

  /** Waits until it answers anything at all or ends; one that does neither is judged as it is. */
  void awaitAnswerOrEnd() {
    try {
      Eventually.within(PATIENCE, () -> !container.isRunning() || answers(), () -> "no answer");
    } catch (AssertionError neither) {
      LOG.info("The backend neither answers nor ends within {} s", PATIENCE.toSeconds());
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
