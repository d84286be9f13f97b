package dev.slipway;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can act on: what happened, what to do about it, and the exit code it ends
 * the run with.
 */
public class SlipwayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String advice;

  /**
   * Creates a failure.
   *
   * @param exitCode how the run ends
   * @param what what happened and where, as one sentence
   * @param advice what to do about it, as one sentence
   */
  public SlipwayException(ExitCode exitCode, String what, String advice) {
    this(exitCode, what, advice, null);
  }

  /** Creates a failure with the cause that diagnostics show. */
  public SlipwayException(
      ExitCode exitCode, String what, String advice, @Nullable Throwable cause) {
    super(what, cause);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  /** A refusal: nothing was changed. */
  public static SlipwayException refused(String what, String advice) {
    return new SlipwayException(ExitCode.REFUSED, what, advice);
  }

  /** How the run ends. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** What happened and where. */
  public String what() {
    return String.valueOf(getMessage());
  }

  /** What to do about it. */
  public String advice() {
    return advice;
  }

  /** What happened and what to do about it, for reports that print nothing else. */
  @Override
  @SuppressWarnings("OverrideThrowableToString")
  public String toString() {
    return what() + "\n" + advice;
  }
}
