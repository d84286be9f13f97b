package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The health check of a container, and what came of it.
 *
 * @param told what the engine tells of the container
 */
record HealthCheck(JsonNode told) {

  /** The engine's own, where an image or a service names none. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The engine's word for how it is; nothing without one. */
  Optional<String> state() {
    JsonNode health = told.at("/State/Health/Status");
    return health.isTextual() ? Optional.of(health.asText()) : Optional.empty();
  }

  /**
   * What it runs in the container; nothing without one.
   *
   * @see <a href="https://docs.docker.com/reference/dockerfile/#healthcheck">HEALTHCHECK</a>
   */
  List<String> command() {
    List<String> test = Json.texts(told.at("/Config/Healthcheck/Test"));
    String kind = test.isEmpty() ? "NONE" : test.get(0);
    List<String> words = test.stream().skip(1).toList();
    return switch (kind) {
      case "CMD" -> words;
      case "CMD-SHELL" -> Stream.concat(shell().stream(), words.stream()).toList();
      default -> List.of();
    };
  }

  /** How long it may take, in whole seconds. */
  Duration timeout() {
    long nanos = told.at("/Config/Healthcheck/Timeout").asLong();
    return nanos == 0
        ? TIMEOUT
        : Duration.ofSeconds(Duration.ofNanos(nanos).plusSeconds(1).minusNanos(1).toSeconds());
  }

  private List<String> shell() {
    List<String> shell = Json.texts(told.at("/Config/Shell"));
    return shell.isEmpty() ? List.of("/bin/sh", "-c") : shell;
  }

  /** What it printed, the newest last. */
  List<String> log() {
    List<String> lines = new ArrayList<>();
    told.at("/State/Health/Log")
        .forEach(check -> check.path("Output").asText().strip().lines().forEach(lines::add));
    return lines;
  }
}
