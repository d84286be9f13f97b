package dev.slipway;

import java.util.Objects;

/**
 * A value that never prints itself; it travels by standard input or a file of mode 0600, never as
 * an argument.
 */
public final class Secret {

  private static final String REDACTED = "[secret]";

  private final String value;

  private Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /** Wraps a value. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value itself; the caller answers for where it goes. */
  public String reveal() {
    return value;
  }

  /** Replaces each line of the value that stands in {@code text}, and the value as a whole. */
  public String redact(String text) {
    String redacted = value.isBlank() ? text : text.replace(value, REDACTED);
    for (String line :
        value.lines().map(String::strip).filter(each -> each.length() >= 8).toList()) {
      redacted = redacted.replace(line, REDACTED);
    }
    return redacted;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return REDACTED;
  }
}
