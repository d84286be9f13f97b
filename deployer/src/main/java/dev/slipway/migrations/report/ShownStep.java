package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A revision's way up or down as a page shows it.
 *
 * @param name {@code Upgrade} or {@code Downgrade}
 * @param done whether it was carried out
 * @param time how long it took, or what else became of it
 * @param share of the slowest step's time, in percent
 * @param statements what was sent to the database
 * @param error why it failed, from the project's own files on
 */
record ShownStep(
    String name,
    boolean done,
    String time,
    String share,
    List<Statement> statements,
    String error) {

  private static final int SECOND = 1000;

  /**
   * One statement.
   *
   * @param alone whether it was committed by itself
   */
  record Statement(String sql, boolean alone) {}

  static ShownStep of(String name, StepResult step, double slowest) {
    List<Statement> statements = new ArrayList<>();
    for (String sql : step.statements()) {
      statements.add(new Statement(sql.strip(), step.alone().contains(statements.size() + 1)));
    }
    return new ShownStep(
        name,
        step.done(),
        step.done() ? time(step.millis()) : step.hung() ? "did not end" : "failed",
        String.format(Locale.ROOT, "%.1f", slowest > 0 ? 100 * step.millis() / slowest : 0),
        statements,
        step.done() ? "" : step.traceback().isEmpty() ? step.error() : step.traceback());
  }

  boolean hasError() {
    return !error.isEmpty();
  }

  /** Milliseconds, or seconds where these are many. */
  static String time(double millis) {
    return millis < SECOND
        ? String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", millis / SECOND);
  }
}
