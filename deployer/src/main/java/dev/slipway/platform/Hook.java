package dev.slipway.platform;

import java.time.Duration;
import java.util.List;

/**
 * A command of the team's own, run around a deployment.
 *
 * @param command the program and its arguments
 * @param local whether it runs where Slipway runs, and not on the server
 * @param deadline how long it may take
 */
public record Hook(List<String> command, boolean local, Duration deadline) {

  static final Duration USUAL = Duration.ofSeconds(60);

  /** Validates and copies. */
  public Hook {
    command = List.copyOf(command);
    if (command.isEmpty() || !isProgram(command.get(0))) {
      throw new IllegalArgumentException("a hook begins with a program: " + command);
    }
  }

  /** Whether no shell takes a word for an option or a variable where a program stands. */
  static boolean isProgram(String word) {
    return !word.isEmpty() && !word.startsWith("-") && !word.contains("=");
  }

  /** The command as a person would write it. */
  @Override
  public String toString() {
    return String.join(" ", command) + (local ? " (local)" : "");
  }
}
