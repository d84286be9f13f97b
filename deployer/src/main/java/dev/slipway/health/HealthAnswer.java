package dev.slipway.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.effect.http.HttpAnswer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges one answer of the health endpoint: the status, and the version it claims. */
public final class HealthAnswer {

  private static final int MOST_OF_JSON = 200;
  private static final int MOST_OF_TEXT = 80;
  private static final Pattern TITLE =
      Pattern.compile("<title[^>]*>\\s*([^<]*[^<\\s])", Pattern.CASE_INSENSITIVE);

  /** Tags and comments, and what no browser shows. */
  private static final Pattern MARKUP =
      Pattern.compile("(?is)<!--.*?-->|<(script|style)\\b.*?</\\1\\s*>|<[a-z/!?][^>]*(?:>|$)");

  private final HttpAnswer answer;
  private final String versionField;

  /** An answer, with the name of the JSON field that holds the version. */
  public HealthAnswer(HttpAnswer answer, String versionField) {
    this.answer = answer;
    this.versionField = versionField;
  }

  /** The version that the answer claims; empty when it is no JSON object or has no such field. */
  public Optional<String> version() {
    return json()
        .map(tree -> tree.path(versionField))
        .filter(field -> field.isValueNode() && !field.isNull())
        .map(JsonNode::asText);
  }

  private Optional<JsonNode> json() {
    try {
      return Optional.of(Json.tree(answer.body()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a proxy gave it because it did not reach what stands behind it: that one would name its
   * version, or say in JSON why it is not available.
   */
  public boolean isOfAProxyAlone() {
    return switch (answer.status()) {
      case 502, 504 -> version().isEmpty();
      case 503 -> json().isEmpty();
      default -> false;
    };
  }

  /** Why the answer is not good enough; empty when it is. */
  public Optional<String> objection(Optional<String> wanted) {
    if (answer.elsewhere().isPresent()) {
      return Optional.of(
          "status "
              + answer.status()
              + ", a redirect to "
              + answer.elsewhere().get()
              + "; let the health path answer by itself there");
    }
    if (answer.status() != 200) {
      return Optional.of("status " + answer.status() + excerpt());
    }
    if (wanted.isEmpty() || wanted.equals(version())) {
      return Optional.empty();
    }
    return Optional.of(
        version()
            .map(found -> "version " + found + " answers, not " + wanted.get())
            .orElse("the answer has no field '" + versionField + "'" + excerpt()));
  }

  private String excerpt() {
    if (json().isPresent()) {
      return ": " + oneLine(answer.body(), MOST_OF_JSON);
    }
    Matcher title = TITLE.matcher(answer.body());
    if (title.find()) {
      return " (no JSON; a page with the title: " + oneLine(title.group(1), MOST_OF_TEXT) + ")";
    }
    String text = oneLine(MARKUP.matcher(answer.body()).replaceAll(" "), MOST_OF_TEXT);
    return text.isEmpty() ? " (no JSON; no text at all)" : " (no JSON; text begins: " + text + ")";
  }

  private static String oneLine(String text, int most) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= most ? line : line.substring(0, most) + "…";
  }
}
