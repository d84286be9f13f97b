package dev.slipway.deploy;

import java.util.function.Supplier;

/**
 * Work that an interrupt must not cut short, because it is the answer to the interrupt: going back,
 * recording, unlocking. The interrupt stays visible afterwards.
 */
final class Undisturbed {

  private Undisturbed() {}

  static <T> T run(Supplier<T> work) {
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
