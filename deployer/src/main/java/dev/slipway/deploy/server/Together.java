package dev.slipway.deploy.server;

import dev.slipway.DaemonThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Two works that do not depend on each other, at the same time. */
public final class Together {

  private Together() {}

  /**
   * Does both, and comes back when both have ended, also when one fails: what follows finds nothing
   * at work. An interrupt reaches the first alone.
   *
   * @param first is done in this thread; what it throws comes before what the second throws
   * @param second something short
   */
  public static void run(Runnable first, Runnable second) {
    CompletableFuture<Void> beside =
        CompletableFuture.runAsync(second, work -> DaemonThreads.start("together", work));
    try {
      first.run();
    } finally {
      beside.exceptionally(hidden -> null).join();
    }
    try {
      beside.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException known ? known : failure;
    }
  }
}
