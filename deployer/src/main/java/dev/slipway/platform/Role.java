package dev.slipway.platform;

import java.util.Locale;
import java.util.Optional;

/** What a service is for; the name in lower case is its key in {@code slipway.yml}. */
public enum Role {
  /** Answers the API and holds the migrations. */
  BACKEND("backend", true),
  /** Serves the pages. */
  FRONTEND("frontend", true),
  /** Takes every request from outside. */
  EDGE("nginx", true),
  /** The database. */
  POSTGRES("postgres", false),
  /** The cache or queue. */
  REDIS("redis", false);

  private final String conventional;
  private final boolean built;

  Role(String conventional, boolean built) {
    this.conventional = conventional;
    this.built = built;
  }

  /** Its key in {@code slipway.yml}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The service's name by convention. */
  String service() {
    return conventional;
  }

  /** The build folder by convention; empty: never built from the platform's repository. */
  Optional<String> folder() {
    return built ? Optional.of(conventional) : Optional.empty();
  }
}
