package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.TwoReaders;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.Walker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets each revision without a lock_timeout wait for somebody who reads, and a new reader behind.
 */
final class QueueTrial {

  private static final Duration STEP = Duration.ofMinutes(2);

  private QueueTrial() {}

  /**
   * Tries.
   *
   * @param databases new ones, to which just those revisions are applied that these stand on
   * @param revisions each after those it stands on
   * @param steps what was seen of those that matter
   * @return what gathers behind them, by the revision's id
   */
  static Map<String, LockQueue> of(
      Alembic alembic,
      Supplier<Database> databases,
      List<Revision> revisions,
      List<ObservedWalk.Step> steps) {
    Map<String, LockQueue> queues = new TreeMap<>();
    steps.forEach(step -> endless(step).ifPresent(q -> queues.put(step.revision().id(), q)));
    if (queues.isEmpty()) {
      return queues;
    }
    Database database = databases.get();
    try (Walker walker = Walker.start(alembic, database, STEP)) {
      for (Revision revision : revisions) {
        LockQueue queue = queues.get(revision.id());
        if (queue == null) {
          walker.up(revision);
        } else {
          OptionalDouble waited = waited(database, queue.table(), () -> walker.up(revision));
          queues.put(revision.id(), with(queue, waited));
        }
      }
    }
    return queues;
  }

  /** The first lock of a step that keeps readers out, if it may be waited for without an end. */
  private static Optional<LockQueue> endless(ObservedWalk.Step step) {
    List<String> statements = step.seen().result().statements();
    return step.holds().stream()
        .filter(hold -> hold.blocked() == Blocked.READS)
        .min(Comparator.comparingInt(Hold::statement))
        .flatMap(
            hold ->
                limit(step, hold.statement())
                    .map(
                        limit ->
                            new LockQueue(
                                hold.table(),
                                hold.statement(),
                                statements.get(hold.statement() - 1),
                                limit == 0,
                                OptionalDouble.empty())));
  }

  /** How long a statement may wait; nothing where the project's code sets a limit. */
  private static Optional<Long> limit(ObservedWalk.Step step, int statement) {
    return step.seen().looks().stream()
        .filter(look -> look.statement() == statement)
        .map(StatementLook::lockTimeout)
        .filter(limit -> limit == 0 || limit == ObservedDatabase.NOBODYS_LOCK_TIMEOUT)
        .findFirst();
  }

  /**
   * For how many milliseconds a reader waits who comes while a migration waits for another one.
   *
   * @return nothing where the migration does not wait
   */
  static OptionalDouble waited(Database database, String table, Runnable migration) {
    CompletableFuture<Void> moved = CompletableFuture.completedFuture(null);
    try (TwoReaders readers = TwoReaders.of(database, table)) {
      moved = CompletableFuture.runAsync(migration);
      return readers.areInSomeonesWay(moved::isDone)
          ? OptionalDouble.of(readers.secondWaits())
          : OptionalDouble.empty();
    } finally {
      moved.join();
    }
  }

  private static LockQueue with(LockQueue queue, OptionalDouble waited) {
    return new LockQueue(
        queue.table(), queue.statement(), queue.sql(), queue.switchedOff(), waited);
  }
}
