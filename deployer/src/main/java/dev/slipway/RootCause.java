package dev.slipway;

import java.util.Optional;

/** What a failure comes from: the last in the chain of its causes. */
public final class RootCause {

  private RootCause() {}

  /** The failure that has no cause itself. */
  public static Throwable of(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What that says, or what it is. */
  public static String said(Throwable failure) {
    Throwable cause = of(failure);
    return Optional.ofNullable(cause.getMessage())
        .map(String::strip)
        .filter(message -> !message.isEmpty())
        .orElse(cause.getClass().getSimpleName());
  }
}
