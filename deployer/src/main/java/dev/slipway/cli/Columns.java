package dev.slipway.cli;

import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.time.Duration;
import java.util.Optional;

/** How many columns lines may have. */
final class Columns {

  private static final int USUAL = 80;

  private Columns() {}

  /** What {@code COLUMNS} says, else the terminal, if there is one. */
  static int of(Environment environment, boolean terminal) {
    return environment
        .find("COLUMNS")
        .or(() -> terminal ? ofTerminal() : Optional.empty())
        .filter(text -> text.matches("[1-9]\\d{1,3}"))
        .map(Integer::valueOf)
        .orElse(USUAL);
  }

  private static Optional<String> ofTerminal() {
    String size =
        new LocalProcess()
            .run(ShellCommand.of("sh", "-c", "stty size </dev/tty"), Duration.ofSeconds(5))
            .standardOutput()
            .strip();
    return Optional.of(size.substring(size.indexOf(' ') + 1));
  }
}
