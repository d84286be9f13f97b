package dev.slipway.migrations.alembic;

import java.util.List;

/**
 * What became of one revision's upgrade or downgrade.
 *
 * @param done whether it was carried out and committed
 * @param millis how long it took, in milliseconds
 * @param swallowed whether it failed and env.py said nothing of that
 * @param hung whether it was ended because it did not end by itself
 * @param error why it failed, in one line
 * @param traceback where it failed, from the project's own files on
 * @param statements what was sent to the database
 * @param alone the numbers, from 1, of the statements that were committed each by itself
 */
public record StepResult(
    boolean done,
    double millis,
    boolean swallowed,
    boolean hung,
    String error,
    String traceback,
    List<String> statements,
    List<Integer> alone) {

  /** Copies. */
  public StepResult {
    error = error == null ? "" : error;
    traceback = traceback == null ? "" : traceback;
    statements = statements == null ? List.of() : List.copyOf(statements);
    alone = alone == null ? List.of() : List.copyOf(alone);
  }

  static StepResult failed(String error) {
    return new StepResult(false, 0, false, false, error, error, List.of(), List.of());
  }

  static StepResult hung(String waiting) {
    return new StepResult(false, 0, false, true, waiting, waiting, List.of(), List.of());
  }
}
