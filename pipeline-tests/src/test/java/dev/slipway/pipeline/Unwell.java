package dev.slipway.pipeline;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Why a service is not well.
 *
 * @param exitStatus what it ended with; empty where it runs
 * @param healthCheck what its last health check printed
 * @param isJob whether it may end
 * @param composeFile the compose file's name
 */
record Unwell(OptionalLong exitStatus, String healthCheck, boolean isJob, String composeFile) {

  private static final long KILLED = 137;

  /** As the engine and shells put it. */
  private static final Pattern NOT_THERE =
      Pattern.compile(
          "executable file not found|no such file or directory|: (?:command )?not found");

  /** What became of it, and what to do about it. */
  String why() {
    if (exitStatus.isPresent()) {
      return "it ended with exit status "
          + exitStatus.getAsLong()
          + (exitStatus.getAsLong() == KILLED ? ", killed, such as for want of memory" : "")
          + (isJob ? ", and had to end with 0" : ", and has to go on");
    }
    if (NOT_THERE.matcher(healthCheck).find()) {
      return "let its health check in " + composeFile + " call what its image has" + said();
    }
    return "compare its health check in "
        + composeFile
        + " with what it listens on and answers"
        + said();
  }

  /** What its health check said. */
  String said() {
    return healthCheck.isBlank() ? "" : "; it last said: " + healthCheck.strip();
  }
}
