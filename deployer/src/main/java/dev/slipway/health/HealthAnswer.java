package dev.slipway.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.effect.http.HttpAnswer;
import java.util.Optional;

/** Judges one answer of the health endpoint: the status, and the version it claims. */
public final class HealthAnswer {

  private final HttpAnswer answer;
  private final String versionField;

  /** An answer, with the name of the JSON field that holds the version. */
  public HealthAnswer(HttpAnswer answer, String versionField) {
    this.answer = answer;
    this.versionField = versionField;
  }

  /** The version that the answer claims; empty when it is no JSON object or has no such field. */
  public Optional<String> version() {
    try {
      JsonNode field = Json.tree(answer.body()).path(versionField);
      return field.isValueNode() && !field.isNull()
          ? Optional.of(field.asText())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Why the answer is not good enough; empty when it is. */
  public Optional<String> objection(Optional<String> wanted) {
    if (answer.status() != 200) {
      return Optional.of("status " + answer.status() + ": " + excerpt());
    }
    if (wanted.isEmpty() || wanted.equals(version())) {
      return Optional.empty();
    }
    return Optional.of(
        version()
            .map(found -> "version " + found + " answers, not " + wanted.get())
            .orElse("the answer has no field '" + versionField + "': " + excerpt()));
  }

  private String excerpt() {
    String line = answer.body().strip().replaceAll("\\s+", " ");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
