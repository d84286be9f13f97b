package dev.slipway.migrations.alembic;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What became of one revision's upgrade or downgrade.
 *
 * @param done whether it was carried out and committed
 * @param millis how long it took, in milliseconds
 * @param swallowed whether it failed and env.py said nothing of that
 * @param hung whether it was ended because it did not end by itself
 * @param error why it failed, in one line
 * @param traceback where it failed, from the project's own files on
 * @param alone the numbers, from 1, of the statements that were committed each by itself
 * @param statements what was sent to the database
 * @param state PostgreSQL's SQLSTATE for the error; empty when it is none of its own
 * @param unseen whether it used the driver itself, so that there may be more statements
 */
public record StepResult(
    boolean done,
    double millis,
    boolean swallowed,
    boolean hung,
    String error,
    String traceback,
    List<String> statements,
    List<Integer> alone,
    String state,
    boolean unseen) {

  private static final Pattern NO_VALUE = Pattern.compile("22(P02|007|008|018|03.)");

  /** Copies. */
  public StepResult {
    state = state == null ? "" : state;
    error = error == null ? "" : error;
    traceback = traceback == null ? "" : traceback;
    statements = statements == null ? List.of() : List.copyOf(statements);
    alone = alone == null ? List.of() : List.copyOf(alone);
  }

  /** One in which PostgreSQL refused nothing. */
  public StepResult(
      boolean done,
      double millis,
      boolean swallowed,
      boolean hung,
      String error,
      String traceback,
      List<String> statements,
      List<Integer> alone) {
    this(done, millis, swallowed, hung, error, traceback, statements, alone, "", false);
  }

  /**
   * Whether a text was no value of another type, which says nothing when somebody made that text
   * up.
   *
   * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">class 22</a>
   */
  public boolean isAboutText() {
    return NO_VALUE.matcher(state).matches();
  }

  static StepResult failed(String error) {
    return new StepResult(false, 0, false, false, error, error, List.of(), List.of());
  }

  static StepResult hung(String waiting) {
    return new StepResult(false, 0, false, true, waiting, waiting, List.of(), List.of());
  }
}
