package dev.slipway.pipeline.health;

import dev.slipway.platform.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** The words by which a health answer may name a service behind the backend. */
final class ServiceWords {

  private ServiceWords() {}

  /**
   * Whether an answer names a service: by its role, by its name in the compose file, or PostgreSQL
   * as the database that it is.
   */
  static boolean name(Role role, String service, String answer) {
    String text = answer.toLowerCase(Locale.ROOT);
    if (text.contains(role.key()) || text.contains(service.toLowerCase(Locale.ROOT))) {
      return true;
    }
    return role == Role.POSTGRES
        && Arrays.stream(text.split("[^a-z]+")).anyMatch(Set.of("database", "db")::contains);
  }
}
