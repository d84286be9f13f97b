package dev.slipway.deploy.database;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Runs the commands of a database, each with a deadline, and tells of those that take long. */
public final class DatabaseShell {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofHours(2);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final Shell shell;
  private final DeployLog log;
  private final Clock clock;

  /** A shell that tells this log what takes long. */
  public DatabaseShell(Shell shell, DeployLog log, Clock clock) {
    this.shell = shell;
    this.log = log;
    this.clock = clock;
  }

  /** Runs a command that is done at once, whatever its exit status. */
  CommandResult run(ShellCommand command) {
    return shell.run(command, SHORT);
  }

  /** Runs a command that is done at once, or fails with what it did not do. */
  public CommandResult require(ShellCommand command, String failed, String advice) {
    return required(run(command), failed, advice);
  }

  /**
   * Runs a command that may take as long as the database is large, telling each ten seconds how far
   * it is.
   */
  CommandResult runLong(ShellCommand command, String doing) {
    return shell.run(command, LONG, ticks(doing));
  }

  /** The same, or fails with what it did not do. */
  CommandResult requireLong(ShellCommand command, String doing, String failed, String advice) {
    return required(runLong(command, doing), failed, advice);
  }

  private Consumer<String> ticks(String doing) {
    Instant began = clock.instant();
    Instant[] told = {began};
    return line -> {
      Instant now = clock.instant();
      if (line.startsWith(DatabaseCommands.TICK) && !now.isBefore(told[0].plus(QUIET))) {
        told[0] = now;
        long seconds = Duration.between(began, now).toSeconds();
        String size = line.substring(DatabaseCommands.TICK.length()).strip();
        log.output(doing + " for " + seconds + " s, " + size(Long.parseLong(size)));
      }
    };
  }

  private static CommandResult required(CommandResult result, String failed, String advice) {
    if (!result.succeeded()) {
      throw failed(failed + ": " + result.tail(3) + ".", advice);
    }
    return result;
  }

  /** A failure that has changed nothing. */
  static SlipwayException failed(String what, String advice) {
    return new SlipwayException(ExitCode.FAILED_OLD_VERSION_SERVING, what, advice);
  }

  /** The facts among the lines that were printed. */
  static Set<String> facts(String printed) {
    return printed
        .lines()
        .filter(line -> line.startsWith(DatabaseCommands.FACT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A size as people read it. */
  public static String size(long bytes) {
    List<String> units = List.of("B", "KiB", "MiB", "GiB", "TiB");
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.size() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units.get(unit));
  }
}
