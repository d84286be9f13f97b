package dev.slipway.pipeline.health;

import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.docker.DockerEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A running backend as it answers within its own container, by the Python that it has there. */
final class BackendInside {

  private static final Duration DEADLINE = Duration.ofMinutes(1);

  /** Prints the status of each path, or its body where that is asked for; 0 without an answer. */
  private static final String ASK =
      """
      import http.client, json, sys

      port, host, body = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "body"
      answers = []
      for path in sys.argv[4:]:
          try:
              connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
              connection.request("GET", path, headers={"Host": host} if host else {})
              answer = connection.getresponse()
              found = answer.status
              if body:
                  found = answer.read().decode() if answer.status == 200 else ""
              elif answer.headers.get_content_type() == "text/event-stream":
                  found = 0
          except (OSError, ValueError, http.client.HTTPException):
              found = "" if body else 0
          answers.append(found)
          connection.close()
      print(json.dumps(answers))
      """;

  private final DockerEngine engine;
  private final String container;
  private final int port;
  private final Optional<String> host;

  /**
   * A backend.
   *
   * @param host the name that it is asked by; empty: its address
   */
  BackendInside(DockerEngine engine, String container, int port, Optional<String> host) {
    this.engine = engine;
    this.container = container;
    this.port = port;
    this.host = host;
  }

  /** The first JSON that one of these paths answers; empty where none does. */
  Optional<String> json(List<String> paths) {
    return ask("body", paths).stream().filter(BackendInside::isJson).findFirst();
  }

  private static boolean isJson(String text) {
    try {
      return Json.tree(text).isObject();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The status of each path, 0 where it is none or its answer has no end; empty: none known. */
  List<Integer> statuses(List<String> paths) {
    return ask("status", paths).stream().map(Integer::valueOf).toList();
  }

  private List<String> ask(String what, List<String> paths) {
    return Stream.of("python3", "python")
        .map(python -> run(python, what, paths))
        .filter(CommandResult::succeeded)
        .findFirst()
        .map(result -> Json.texts(Json.tree(result.standardOutput())))
        .orElse(List.of());
  }

  private CommandResult run(String python, String what, List<String> paths) {
    List<String> command =
        new ArrayList<>(List.of(python, "-c", ASK, String.valueOf(port), host.orElse(""), what));
    command.addAll(paths);
    return engine.execute(container, Optional.empty(), Map.of(), command, DEADLINE);
  }
}
