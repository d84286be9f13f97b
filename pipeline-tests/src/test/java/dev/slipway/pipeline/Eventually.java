package dev.slipway.pipeline;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Waits for a condition with a deadline; the only place that uses Awaitility, which otherwise keeps
 * global state.
 */
public final class Eventually {

  private Eventually() {}

  /** Waits until the condition holds; what it throws ends the wait at once. */
  public static void within(
      Duration deadline, Callable<Boolean> condition, Supplier<String> otherwise) {
    try {
      Awaitility.await()
          .dontCatchUncaughtExceptions()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(200))
          .atMost(deadline)
          .until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(otherwise.get() + "\n(waited " + deadline.toSeconds() + " s)", e);
    }
  }
}
