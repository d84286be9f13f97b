package dev.slipway.deploy.server;

import java.util.function.Supplier;

/**
 * Work that an interrupt must not cut short, because it is the answer to the interrupt: going back,
 * recording, unlocking. The interrupt stays visible afterwards.
 */
public final class Undisturbed {

  private Undisturbed() {}

  /** Does the work to its end, in this thread. */
  public static <T> T run(Supplier<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      return work.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
