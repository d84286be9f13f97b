package dev.slipway.pipeline.selftest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.command.Conversation;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/**
 * Chromium in a container without a network, told what to do by its DevTools protocol.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">the protocol</a>
 */
final class Browser implements AutoCloseable {

  private static final String IMAGE = "slipway.local/toolbox/chromium:latest";
  private static final String RECIPE =
      """
      FROM debian:12
      RUN apt-get update && apt-get install --yes --no-install-recommends chromium fonts-liberation2 fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
      """;

  /** The protocol ends each message with a zero byte, where a conversation has a line feed. */
  private static final String START =
      "stdbuf -o0 tr '\\n' '\\0' | chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage"
          + " --hide-scrollbars --remote-debugging-pipe about:blank 3<&0 4>&1 </dev/null >/dev/null"
          + " | stdbuf -o0 tr '\\0' '\\n'";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final GenericContainer<?> container;
  private final Conversation chromium;
  private final List<JsonNode> events = new ArrayList<>();
  private String session = "";
  private int calls;

  @SuppressWarnings("resource")
  private Browser(DockerEngine engine) {
    this.container =
        new GenericContainer<>(IMAGE).withNetworkMode("none").withCommand("sleep", "infinity");
    container.start();
    this.chromium =
        engine.converse(
            container.getContainerId(), Optional.empty(), Map.of(), List.of("sh", "-c", START));
    String page =
        call("Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    this.session =
        call("Target.attachToTarget", Map.of("targetId", page, "flatten", true))
            .path("sessionId")
            .asText();
    List.of("Page", "Network", "Runtime", "Log")
        .forEach(domain -> call(domain + ".enable", Map.of()));
  }

  /**
   * Builds the image when it is not there yet, and starts.
   *
   * @param scratch a folder for the image's recipe
   */
  static Browser start(DockerEngine engine, Path scratch) throws IOException {
    Folders.create(scratch);
    Files.writeString(scratch.resolve("Dockerfile"), RECIPE);
    engine
        .builder(new LocalProcess(), List.of())
        .build(ImageBuild.of(scratch, IMAGE), progress -> {});
    return new Browser(engine);
  }

  /**
   * Shows a file in a window.
   *
   * @param scheme {@code light} or {@code dark}
   * @param medium {@code screen} or {@code print}
   */
  void open(Path file, int width, String scheme, String medium) {
    String target = "/tmp/" + file.getFileName();
    container.copyFileToContainer(MountableFile.forHostPath(file), target);
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            medium,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    events.clear();
    call("Page.navigate", Map.of("url", "file://" + target));
    while (events("Page.loadEventFired").isEmpty()) {
      events.add(hear());
    }
  }

  /** What a script makes of the page. */
  JsonNode ask(String script) {
    JsonNode answer = call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(answer.path("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** What the browser told of itself since the page was opened. */
  List<JsonNode> events(String method) {
    return events.stream().filter(event -> event.path("method").asText().equals(method)).toList();
  }

  /** The whole page as a picture. */
  void picture(Path file) throws IOException {
    JsonNode picture =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.write(file, picture.path("data").binaryValue());
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    int id = ++calls;
    Map<String, Object> message =
        session.isEmpty()
            ? Map.of("id", id, "method", method, "params", parameters)
            : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
    chromium.say(Json.line(message));
    while (true) {
      JsonNode heard = hear();
      if (heard.path("id").asInt() == id) {
        if (heard.has("error")) {
          throw new AssertionError(method + ": " + heard.path("error"));
        }
        return heard.path("result");
      }
      events.add(heard);
    }
  }

  private JsonNode hear() {
    return chromium
        .hear(PATIENCE)
        .map(Json::tree)
        .orElseThrow(() -> new AssertionError("Chromium is silent: " + chromium.lastWords()));
  }

  @Override
  public void close() {
    chromium.close();
    container.stop();
  }
}
