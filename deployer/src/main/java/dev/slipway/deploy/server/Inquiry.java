package dev.slipway.deploy.server;

import dev.slipway.DaemonThreads;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Questions to the server that are asked at the same time: one that is slow, or a server that is
 * far away, is waited for once.
 */
public final class Inquiry implements AutoCloseable {

  /**
   * More would take a small server's processors from what it serves. OpenSSH lets a connection have
   * ten sessions at once, and administrators may allow fewer.
   *
   * @see <a href="https://man.openbsd.org/sshd_config#MaxSessions">sshd_config, MaxSessions</a>
   */
  private static final int AT_ONCE = 2;

  /** What a question that is given up may take to end what it runs on the server. */
  private static final long PATIENCE_SECONDS = 20;

  private final ExecutorService asking =
      Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.named("inquiry"));

  /** Asks, and goes on at once; who wants the answer waits for it, and gets what it threw. */
  public <T> Supplier<T> ask(Supplier<T> question) {
    Future<T> answer = asking.submit(question::get);
    return () -> await(answer);
  }

  private static <T> T await(Future<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "Interrupted while looking at the server.",
          "See slipway status for what the server runs before running anything again.",
          interrupt);
    }
  }

  /** Gives up what was not answered yet. */
  @Override
  public void close() {
    asking.shutdownNow();
    Undisturbed.run(this::awaitEnd);
  }

  private boolean awaitEnd() {
    try {
      return asking.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
