package dev.slipway.effect.ssh;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import java.time.Duration;
import java.util.Optional;

/** Files on the server, read and replaced by the commands that every server has. */
final class RemoteFiles {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int NO_SUCH_FILE = 44;

  private static final String READ_SCRIPT = "[ -e \"$1\" ] || exit 44; exec cat -- \"$1\"";
  private static final String WRITE_SCRIPT =
      """
      set -e
      umask 077
      [ ! -d "$1" ]
      new=$(mktemp "$1.XXXXXX")
      trap 'rm -f -- "$new"' EXIT
      cat > "$new"
      chmod "$2" "$new"
      mv -f -- "$new" "$1"
      trap - EXIT
      """;

  private final Shell shell;
  private final SshTarget target;

  RemoteFiles(Shell shell, SshTarget target) {
    this.shell = shell;
    this.target = target;
  }

  void write(String path, Secret content, String mode) {
    CommandResult result = shell.run(writing(path, content, mode), DEADLINE);
    if (!result.succeeded()) {
      throw failure("written", path, result);
    }
  }

  Optional<String> read(String path) {
    CommandResult result = shell.run(reading(path), DEADLINE);
    if (result.exitStatus() == NO_SUCH_FILE) {
      return Optional.empty();
    }
    if (!result.succeeded()) {
      throw failure("read", path, result);
    }
    return Optional.of(result.standardOutput());
  }

  /** Replaces a file as a whole, or not at all. */
  static ShellCommand writing(String path, Secret content, String mode) {
    return ShellCommand.of("sh", "-c", WRITE_SCRIPT, "sh")
        .withOperands(path, mode)
        .reading(content);
  }

  /** Prints a file, or ends with {@link #NO_SUCH_FILE}. */
  static ShellCommand reading(String path) {
    return ShellCommand.of("sh", "-c", READ_SCRIPT, "sh").withOperands(path);
  }

  private SlipwayException failure(String verb, String path, CommandResult result) {
    String reason = result.standardError().strip();
    return new SlipwayException(
        ExitCode.REFUSED,
        "The file "
            + path
            + " on "
            + target
            + " could not be "
            + verb
            + ": "
            + (reason.isEmpty() ? "exit status " + result.exitStatus() : reason),
        "Check that " + target.user() + " owns the folder and that the disk is not full.");
  }
}
