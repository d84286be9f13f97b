package dev.slipway.platform.compose;

import java.util.List;

/**
 * A variable that a compose file uses.
 *
 * @param name its name, as it stands in {@code .env}
 * @param uses where and how it is used, in the order of the file; at least one
 */
public record Variable(String name, List<Use> uses) {

  /** What a use does when the variable is unset. */
  public enum Kind {
    /** {@code $X} or {@code ${X}}: compose silently uses an empty string. */
    PLAIN,
    /** {@code ${X:-word}} or {@code ${X-word}}: the word is used. */
    DEFAULTED,
    /** {@code ${X:?message}} or {@code ${X?message}}: compose refuses to run. */
    REQUIRED,
    /** {@code ${X:+word}} or {@code ${X+word}}: an empty string, and that is meant. */
    REPLACED
  }

  /**
   * One use.
   *
   * @param kind what happens when the variable is unset
   * @param line the line of the compose file, counted from 1
   */
  public record Use(Kind kind, int line) {}

  /** Validates and copies. */
  public Variable {
    uses = List.copyOf(uses);
    if (uses.isEmpty()) {
      throw new IllegalArgumentException("a variable needs a use: " + name);
    }
  }

  /** Whether compose refuses to run without it. */
  public boolean required() {
    return uses.stream().anyMatch(use -> use.kind() == Kind.REQUIRED);
  }

  /** Whether every use says what happens without it, so that it need not be set. */
  public boolean optional() {
    return uses.stream()
        .allMatch(use -> use.kind() == Kind.DEFAULTED || use.kind() == Kind.REPLACED);
  }

  /** The line of its first use. */
  public int line() {
    return uses.get(0).line();
  }
}
