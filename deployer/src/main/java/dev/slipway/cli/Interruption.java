package dev.slipway.cli;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * Turns SIGINT and SIGTERM into an interrupt of the working thread, waits while it brings the
 * server back into a known state, and ends the process with the outcome's exit code.
 */
final class Interruption {

  /** Each step of the way back has a deadline of its own; this is for one that passes it. */
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Thread worker;
  private volatile OptionalInt status = OptionalInt.empty();

  private Interruption(Thread worker) {
    this.worker = worker;
  }

  static Interruption install(Thread worker) {
    Interruption interruption = new Interruption(worker);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onShutdown, "interruption"));
    return interruption;
  }

  void finished(int code) {
    status = OptionalInt.of(code);
    synchronized (this) {
      notifyAll();
    }
  }

  private void onShutdown() {
    if (status.isPresent()) {
      return;
    }
    worker.interrupt();
    long end = System.currentTimeMillis() + PATIENCE.toMillis();
    synchronized (this) {
      while (status.isEmpty() && System.currentTimeMillis() < end) {
        try {
          wait(500);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
    status.ifPresent(Runtime.getRuntime()::halt);
  }
}
