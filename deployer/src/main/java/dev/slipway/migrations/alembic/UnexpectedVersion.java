package dev.slipway.migrations.alembic;

import dev.slipway.command.CommandResult;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares what alembic was asked for with what the version table says. */
public final class UnexpectedVersion {

  /** The name that every driver has for SQLSTATE 23502 and 23505, or their number. */
  private static final Pattern ROWS_LACK_SOMETHING =
      Pattern.compile("NotNullViolation|UniqueViolation|\\b2350[25]\\b");

  private UnexpectedVersion() {}

  /**
   * What is wrong after a call of alembic; nothing when it did what it was asked.
   *
   * @param call such as {@code alembic upgrade head}
   * @param wanted the revisions that the version table should name
   * @param found those it names over a new connection
   */
  public static Optional<String> after(
      String call, CommandResult result, Set<String> wanted, Set<String> found) {
    if (!result.succeeded()) {
      return Optional.of(
          failed(call, result)
              + "\nMend the revision that was at work. "
              + advice(lastWords(result)));
    }
    if (wanted.equals(found)) {
      return Optional.empty();
    }
    return Optional.of(
        "`"
            + call
            + "` exited 0, but a new connection finds "
            + said(found)
            + " in the version table instead of "
            + said(wanted)
            + ": env.py swallows an error or never commits. Let it raise (no `except` around `context.run_migrations()`) and"
            + " commit (`with context.begin_transaction():`). Its last words:\n"
            + lastWords(result));
  }

  /** That a call of alembic failed, and its last words. */
  public static String failed(String call, CommandResult result) {
    return "`"
        + call
        + "` failed with exit status "
        + result.exitStatus()
        + ":\n"
        + lastWords(result);
  }

  private static String advice(String words) {
    return ROWS_LACK_SOMETHING.matcher(words).find()
        ? "It ran with rows in the tables, as in production: what is new and NOT NULL or unique must fill in what they lack first"
            + " (`op.execute(\"UPDATE …\")`, or a server_default)."
        : "The traceback shows the line of its file at which it failed.";
  }

  /** What was printed, without the lines that alembic prints when all is well. */
  public static String lastWords(CommandResult result) {
    String telling =
        (result.standardError() + "\n" + result.standardOutput())
            .lines()
            .filter(line -> !line.contains("[alembic.runtime.migration]"))
            .collect(Collectors.joining("\n"));
    return new CommandResult(result.exitStatus(), telling, "").tail(12);
  }

  private static String said(Set<String> versions) {
    return versions.isEmpty() ? "nothing" : String.join(", ", versions);
  }
}
