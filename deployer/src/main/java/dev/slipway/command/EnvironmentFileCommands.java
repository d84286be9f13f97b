package dev.slipway.command;

import dev.slipway.Secret;
import java.util.List;
import java.util.regex.Pattern;

/** What is run on the server with env files, such as the {@code .env} beside the compose file. */
public record EnvironmentFileCommands() {

  /** A file's copy beside it, which is gone after the script, however that ends. */
  private static final String BESIDE =
      " && trap 'rm -f \"$file.slipway\"' EXIT && trap 'exit 129' HUP INT TERM"
          + " && cp -p \"$file\" \"$file.slipway\"";

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * What {@code dev.slipway.platform.compose.EnvironmentVariable} takes for a name and what follows
   * it; an editor on Windows may have put a byte order mark before the first.
   */
  private static final String NAMES =
      "1s/^[^A-Za-z_#[:space:]]*//;"
          + "s/^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_.-]*)[[:space:]]*[=:].*/\\2/p";

  /** Prints the names, never the values, of the keys in an env file. */
  public ShellCommand variableNames(String file) {
    return ShellCommand.of("sed", "-nE", NAMES, ShellCommand.absolute(file))
        .withVariable("LC_ALL", "C");
  }

  /** Succeeds when every user of the server may read a file. */
  public ShellCommand othersMayRead(String file) {
    return ShellCommand.script(
        "case $(ls -Lld \"$1\" 2>/dev/null) in ???????r*) ;; *) false ;; esac",
        ShellCommand.absolute(file));
  }

  /** Prints an env file, values included; nothing when there is none. */
  public ShellCommand readVariables(String file) {
    return HostCommands.printed(file);
  }

  /**
   * Prints the first 64 KiB of each of these files as base64, one a line; an empty line for one
   * that is not there or cannot be read.
   *
   * @param folder what their paths are relative to
   */
  public ShellCommand readFiles(String folder, List<String> names) {
    return ShellCommand.script(
            "cd \"$1\" || exit; shift; for name; do if [ -f \"$name\" ] && [ -r \"$name\" ]; then"
                + " head -c 65536 < \"$name\" | base64 | tr -d '\\n'; fi; echo; done",
            ShellCommand.absolute(folder))
        .with(names.toArray(String[]::new));
  }

  /**
   * Sets one key of an env file, keeping every other line, the mode and the owner; written beside,
   * then renamed, so that nobody reads half a file; in bytes, as the team's editor may have written
   * other than UTF-8. A value of more than one line is refused: the second would set another key.
   */
  public ShellCommand setVariable(String file, String name, String value) {
    return ShellCommand.script(
        "umask 077 && touch \"$1\" && file=$(readlink -f \"$1\")"
            + BESIDE
            + " && { { LC_ALL=C grep -a -v \"^$2=\" \"$file\" || [ $? -eq 1 ]; } && printf '%s=%s\\n' \"$2\" \"$3\"; }"
            + " > \"$file.slipway\""
            + " && mv \"$file.slipway\" \"$file\"",
        ShellCommand.absolute(file),
        variable(name),
        ShellCommand.oneLine(value));
  }

  /**
   * Appends lines to an env file, which only its owner may read from then on; written beside, then
   * renamed. Its folder is made too.
   */
  public ShellCommand addVariables(String file, Secret lines) {
    return ShellCommand.script(
            "umask 077 && mkdir -p \"$(dirname \"$1\")\" && touch \"$1\" && file=$(readlink -f \"$1\")"
                + BESIDE
                + " && chmod go-rwx \"$file.slipway\" && { [ -z \"$(tail -c 1 \"$file\")\" ] || echo >> \"$file.slipway\"; }"
                + " && cat >> \"$file.slipway\" && mv \"$file.slipway\" \"$file\"",
            ShellCommand.absolute(file))
        .reading(lines);
  }

  private static String variable(String name) {
    if (!VARIABLE.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a variable: '" + name + "'");
    }
    return name;
  }
}
