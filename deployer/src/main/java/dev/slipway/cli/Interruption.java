package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Turns SIGINT and SIGTERM into an interrupt of the working thread, waits while it brings the
 * server back into a known state, and ends the process with the outcome's exit code.
 */
final class Interruption {

  /** Each step of the way back has a deadline of its own; this is for one that passes it. */
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final Object ANSWER = new Object();
  private static boolean asking;

  private final Thread worker;
  private final IntConsumer halt;
  private volatile OptionalInt status = OptionalInt.empty();

  Interruption(Thread worker, IntConsumer halt) {
    this.worker = worker;
    this.halt = halt;
  }

  static Interruption install(Thread worker) {
    Interruption interruption = new Interruption(worker, Runtime.getRuntime()::halt);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onShutdown, "interruption"));
    return interruption;
  }

  /**
   * Waits for an answer at the terminal, which no interrupt reaches: a signal ends the process
   * meanwhile, since nothing was changed yet.
   *
   * @throws SlipwayException a refusal, if a signal came with the answer
   */
  static <T> Optional<T> answer(Supplier<Optional<T>> question) {
    asking(true);
    Optional<T> answer;
    try {
      answer = question.get();
    } finally {
      asking(false);
    }
    if (Thread.interrupted()) {
      throw interrupted();
    }
    return answer;
  }

  private static void asking(boolean begins) {
    synchronized (ANSWER) {
      asking = begins;
    }
  }

  private static SlipwayException interrupted() {
    return SlipwayException.refused(
        "Interrupted at a question; nothing was changed.", "Run it again when you are sure.");
  }

  void finished(int code) {
    status = OptionalInt.of(code);
    synchronized (this) {
      notifyAll();
    }
  }

  void onShutdown() {
    if (status.isPresent()) {
      return;
    }
    synchronized (ANSWER) { // the answer to a question is not taken any more
      if (asking) {
        System.err.println("\n" + interrupted().what());
        halt.accept(ExitCode.REFUSED.status());
        return;
      }
      worker.interrupt();
    }
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
    status.ifPresent(halt);
  }
}
