package dev.slipway.pipeline.health;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.platform.Role;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** What a field of another service says is said of that one, whatever the error in it names. */
  private void collect(JsonNode node, Set<String> parts) {
    boolean inAValue = false;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!namesAnother(field.getKey())) {
        if (names(field.getKey())) {
          parts.add(field.toString());
        }
        inAValue |= field.getValue().isTextual() && names(field.getValue().asText());
        if (field.getValue().isContainerNode()) {
          collect(field.getValue(), parts);
        }
      }
    }
    if (inAValue) {
      parts.add(withoutOthers(node));
    }
    if (node.isArray()) {
      node.forEach(element -> collect(element, parts));
    }
    if (node.isTextual() && names(node.asText())) {
      parts.add(node.toString());
    }
  }

  private String withoutOthers(JsonNode object) {
    return object.properties().stream()
        .filter(field -> !namesAnother(field.getKey()))
        .map(Object::toString)
        .collect(Collectors.joining(", "));
  }

  private boolean namesAnother(String key) {
    return !names(key)
        && Stream.of(Role.POSTGRES, Role.REDIS)
            .filter(other -> other != role)
            .anyMatch(other -> new ServiceWords(other, other.key()).names(key));
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
