package dev.slipway;

import java.util.List;
import java.util.Objects;

/**
 * A value that never prints itself; it travels by standard input or a file of mode 0600, never as
 * an argument.
 */
public final class Secret {

  /** What is shown in a secret's place. */
  public static final String REDACTED = "[secret]";

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

  /** The texts by which it can be read: as it is, line by line, escaped and encoded. */
  public List<String> spellings() {
    return Spellings.of(value);
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
