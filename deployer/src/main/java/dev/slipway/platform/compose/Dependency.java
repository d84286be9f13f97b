package dev.slipway.platform.compose;

import java.util.Arrays;
import java.util.Optional;

/** What a service waits for before it starts: the condition of a {@code depends_on}. */
public enum Dependency {
  /** The other one's container was started; the default, and what the short syntax means. */
  SERVICE_STARTED("service_started"),
  /** The other one's health check succeeds. */
  SERVICE_HEALTHY("service_healthy"),
  /** The other one has ended with status 0. */
  SERVICE_COMPLETED_SUCCESSFULLY("service_completed_successfully");

  private final String text;

  Dependency(String text) {
    this.text = text;
  }

  static Optional<Dependency> of(String text) {
    return Arrays.stream(values()).filter(value -> value.text.equals(text)).findFirst();
  }

  /** The condition as compose writes it. */
  @Override
  public String toString() {
    return text;
  }
}
