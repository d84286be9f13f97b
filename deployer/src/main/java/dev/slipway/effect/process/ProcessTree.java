package dev.slipway.effect.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process with all that it started. */
final class ProcessTree {

  private static final Duration GRACE = Duration.ofSeconds(3);

  private ProcessTree() {}

  /** Asks all of them to end, descendants first, and ends them by force when they do not. */
  static void kill(Process process) {
    List<ProcessHandle> tree = handles(process);
    tree.forEach(ProcessHandle::destroy);
    if (awaitEnd(tree)) {
      return;
    }
    List<ProcessHandle> survivors =
        Stream.concat(tree.stream(), handles(process).stream()).distinct().toList();
    survivors.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(survivors);
  }

  private static List<ProcessHandle> handles(Process process) {
    return Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
  }

  private static boolean awaitEnd(List<ProcessHandle> handles) {
    boolean interrupted = Thread.interrupted();
    try {
      CompletableFuture.allOf(
              handles.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException impatience) {
      interrupted = true;
      return false;
    } catch (ExecutionException | TimeoutException alive) {
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
