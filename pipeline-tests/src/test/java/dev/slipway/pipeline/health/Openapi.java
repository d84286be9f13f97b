package dev.slipway.pipeline.health;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** What a backend's own description of its API says can be asked below {@code /api/}. */
final class Openapi {

  static final List<String> USUAL_PATHS =
      List.of("/openapi.json", "/api/openapi.json", "/api/v1/openapi.json");

  private static final String API = "/api/";

  private Openapi() {}

  /**
   * A path without parameters.
   *
   * @param direct as the backend knows it
   * @param through as visitors ask for it
   */
  record Question(String direct, String through) {}

  /**
   * The paths that can be asked; none where most of the API lies elsewhere, since an edge may give
   * that a prefix of its own.
   */
  static List<Question> questions(JsonNode description) {
    String prefix = prefix(description.path("servers").path(0).path("url").asText(""));
    List<Question> questions = new ArrayList<>();
    int below = 0;
    JsonNode paths = description.path("paths");
    for (var each : paths.properties()) {
      String through = prefix + each.getKey();
      if (through.startsWith(API)) {
        below++;
        if (each.getValue().has("get") && !through.contains("{")) {
          questions.add(new Question(each.getKey(), through));
        }
      }
    }
    return below * 2 < paths.size() ? List.of() : List.copyOf(questions);
  }

  private static String prefix(String server) {
    try {
      String path = URI.create(server).getRawPath();
      return path == null ? "" : path.replaceFirst("/+$", "");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
