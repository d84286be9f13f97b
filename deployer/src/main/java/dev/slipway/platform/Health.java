package dev.slipway.platform;

import java.time.Duration;
import java.util.Optional;

/**
 * How the backend tells that it is well.
 *
 * @param path the path asked, with its leading slash
 * @param host the host name that it is asked by through the edge; empty: whatever server of the
 *     edge answers without one
 * @param versionField the field of the JSON answer that holds the running version; {@code none}:
 *     the platform does not tell its version
 * @param budget how long a deployed version may take to answer well
 * @param successes how many good answers in a row count as well
 */
public record Health(
    String path, Optional<String> host, String versionField, Duration budget, int successes) {

  /** The conventions. */
  public static final Health DEFAULT =
      new Health("/health", Optional.empty(), "version", Duration.ofSeconds(60), 3);

  /** Validates. */
  public Health {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a health path starts with '/': " + path);
    }
    if (versionField.isBlank()) {
      throw new IllegalArgumentException("the version's field needs a name");
    }
    if (budget.isZero() || budget.isNegative()) {
      throw new IllegalArgumentException("the health budget must be longer than nothing");
    }
    if (successes < 1) {
      throw new IllegalArgumentException("at least one good answer is needed");
    }
  }

  /** Whether the answer says which version is running. */
  public boolean tellsVersion() {
    return !versionField.equals(SlipwayFile.NONE);
  }
}
