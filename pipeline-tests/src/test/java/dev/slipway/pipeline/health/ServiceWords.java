package dev.slipway.pipeline.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.platform.Role;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The words by which a health answer may name a service behind the backend. */
final class ServiceWords {

  private final Role role;
  private final String service;

  /**
   * Of a service.
   *
   * @param service its name in the compose file
   */
  ServiceWords(Role role, String service) {
    this.role = role;
    this.service = service.toLowerCase(Locale.ROOT);
  }

  /**
   * Whether an answer says something of the service that it does not say while all is well: a name
   * that stands in every answer tells nobody which service is down.
   */
  boolean tell(String well, String answer) {
    Set<String> said = said(answer);
    said.removeAll(said(well));
    return !said.isEmpty();
  }

  /** The parts that name the service: fields and objects of JSON, or lines. */
  private Set<String> said(String answer) {
    try {
      Set<String> parts = new HashSet<>();
      collect(Json.tree(answer), parts);
      return parts;
    } catch (IllegalArgumentException e) {
      return answer.lines().filter(this::names).collect(Collectors.toCollection(HashSet::new));
    }
  }

  private void collect(JsonNode node, Set<String> parts) {
    node.properties()
        .forEach(
            field -> {
              if (names(field.getKey())) {
                parts.add(field.getKey() + ": " + field.getValue());
              }
            });
    for (JsonNode value : node) {
      if (value.isTextual() && names(value.asText())) {
        parts.add(node.isObject() ? node.toString() : value.toString());
      }
      collect(value, parts);
    }
    if (node.isTextual() && names(node.asText())) {
      parts.add(node.toString());
    }
  }

  /** By its role, by its name in the compose file, or PostgreSQL as the database that it is. */
  private boolean names(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains(role.key()) || lower.contains(service)) {
      return true;
    }
    return role == Role.POSTGRES
        && Arrays.stream(lower.split("[^a-z]+")).anyMatch(Set.of("database", "db")::contains);
  }
}
