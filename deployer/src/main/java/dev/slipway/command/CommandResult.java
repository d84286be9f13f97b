package dev.slipway.command;

/**
 * What a finished command left.
 *
 * @param exitStatus its exit status, never guessed
 * @param standardOutput all it wrote there
 * @param standardError all it wrote there
 */
public record CommandResult(int exitStatus, String standardOutput, String standardError) {

  /** Whether it ended with status 0. */
  public boolean succeeded() {
    return exitStatus == 0;
  }

  /** The last lines of both outputs, for an error message. */
  public String tail(int lines) {
    var all =
        (standardOutput + "\n" + standardError).lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }
}
