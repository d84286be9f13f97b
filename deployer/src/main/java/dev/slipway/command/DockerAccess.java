package dev.slipway.command;

import java.util.ArrayList;
import java.util.List;

/**
 * How an account reaches the engine; the one place that knows of sudo.
 *
 * <p>Commands are written as for an account that may simply run docker. Scripts must call it by its
 * bare name, not through {@code exec} or {@code xargs}.
 */
public enum DockerAccess {
  /** As itself: as root, in group {@code docker}, or with an engine of its own. */
  DIRECT,
  /**
   * By {@code sudo -n -E}: without a password, and with the variables of the command, which
   * sudoers(5) allows by the tag SETENV.
   */
  SUDO;

  /** After {@code timeout SECONDS}. */
  private static final int AFTER_TIMEOUT = 2;

  private static final String IN_SCRIPT = "docker() { sudo -n -E docker \"$@\"; }\n";

  /** Prints {@code sudo} where docker runs by sudo alone, else {@code direct}. */
  static ShellCommand look() {
    return ShellCommand.of(
        "sh",
        "-c",
        "if [ \"$(id -u)\" != 0 ] && ! [ -w /var/run/docker.sock ]"
            + " && ! command docker version >/dev/null 2>&1"
            + " && sudo -n -E docker version >/dev/null 2>&1; then echo sudo; else echo direct; fi");
  }

  /** What {@link #look} printed. */
  public static DockerAccess of(CommandResult looked) {
    return looked.standardOutput().strip().equals("sudo") ? SUDO : DIRECT;
  }

  /** The command as this account has to run it. */
  public ShellCommand apply(ShellCommand command) {
    List<String> words = command.arguments();
    if (this == DIRECT) {
      return command;
    }
    int program = words.get(0).equals("timeout") ? AFTER_TIMEOUT : 0;
    if (words.get(program).equals("docker") || words.get(program).equals("docker-compose")) {
      return replaced(command, elevated(words, program));
    }
    boolean script = words.size() > 2 && words.get(0).equals("sh") && words.get(1).equals("-c");
    if (!script || !words.get(2).contains("docker")) {
      return command;
    }
    // No function can have the name of compose v1; and only here it is a program, not a name.
    boolean compose =
        words.get(2).equals(DatabaseScripts.WATCHED)
            && words.get(DatabaseScripts.WATCHED_COMMAND).equals("docker-compose");
    List<String> changed =
        compose ? elevated(words, DatabaseScripts.WATCHED_COMMAND) : new ArrayList<>(words);
    changed.set(2, IN_SCRIPT + words.get(2));
    return replaced(command, changed);
  }

  private static List<String> elevated(List<String> words, int program) {
    List<String> changed = new ArrayList<>(words);
    changed.addAll(program, List.of("sudo", "-n", "-E"));
    return changed;
  }

  private static ShellCommand replaced(ShellCommand command, List<String> words) {
    return new ShellCommand(words, command.environment(), command.directory(), command.input());
  }
}
