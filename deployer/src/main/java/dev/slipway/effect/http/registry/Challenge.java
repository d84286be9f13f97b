package dev.slipway.effect.http.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.effect.docker.RegistryLogin;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a registry wants to be convinced.
 *
 * @param realm where tokens are given out; empty when it takes user and password themselves
 * @param service what the tokens are for
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">token
 *     authentication</a>
 */
record Challenge(Optional<String> realm, Optional<String> service) {

  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** Reads the header {@code WWW-Authenticate}. */
  static Challenge parse(String header) {
    Optional<String> realm = Optional.empty();
    Optional<String> service = Optional.empty();
    if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      Matcher matcher = PARAMETER.matcher(header);
      while (matcher.find()) {
        if (matcher.group(1).equals("realm")) {
          realm = Optional.of(matcher.group(2));
        } else if (matcher.group(1).equals("service")) {
          service = Optional.of(matcher.group(2));
        }
      }
    }
    return new Challenge(realm, service);
  }

  /** Where a token for this scope is asked for. */
  URI tokenAddress(String scope) {
    String query =
        service.map(name -> "service=" + encoded(name) + "&").orElse("")
            + "scope="
            + encoded(scope);
    String address = realm.orElseThrow();
    return URI.create(address + (address.contains("?") ? "&" : "?") + query);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The header that a token makes; empty when the answer holds none. */
  static Optional<String> token(byte[] answer) {
    try {
      JsonNode tree = Json.tree(new String(answer, StandardCharsets.UTF_8));
      return Stream.of("token", "access_token")
          .map(name -> tree.path(name).asText())
          .filter(value -> !value.isEmpty())
          .map(value -> "Bearer " + value)
          .findFirst();
    } catch (IllegalArgumentException noJson) {
      return Optional.empty();
    }
  }

  /** The header that user and password make. */
  static String basic(RegistryLogin login) {
    String pair = login.user() + ":" + login.password().reveal();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
