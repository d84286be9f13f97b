package dev.slipway.command;

import java.util.List;

/** The two generations of compose and how each is called. */
public enum ComposeTool {
  /** {@code docker compose}, the plugin; preferred where both are there. */
  PLUGIN,
  /** {@code docker-compose} 1.x, the Python program; its maintenance ended in 2023. */
  STANDALONE;

  /** The words that every command begins with. */
  public List<String> words() {
    return switch (this) {
      case PLUGIN -> List.of("docker", "compose");
      case STANDALONE -> List.of("docker-compose");
    };
  }

  /** Prints the version and fails where this generation is not installed. */
  public ShellCommand version() {
    return ShellCommand.of(words()).with("version", "--short");
  }
}
