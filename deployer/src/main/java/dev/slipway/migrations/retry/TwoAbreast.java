package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.alembic.Walker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Two runs that are brought to the same point: both have read the version table, one has done part
 * of a revision, and then the other does all of it, or as much as locks let it.
 */
final class TwoAbreast {

  private static final Duration STEP = Duration.ofMinutes(1);
  private static final int LOOK_MILLIS = 50;
  private static final int LOOKS = 100;

  private final DatabaseSession watch;
  private final Walker first;
  private final Walker second;
  private final Revision revision;

  private TwoAbreast(DatabaseSession watch, Walker first, Walker second, Revision revision) {
    this.watch = watch;
    this.first = first;
    this.second = second;
    this.revision = revision;
  }

  /** How both ended, in words. */
  record Ends(String first, String second) {}

  /**
   * Runs both to their ends.
   *
   * @param below what is applied before
   * @param statement after which of the revision's statements the first run waits for the second;
   *     0: before them
   */
  static Ends run(
      Alembic alembic, Database database, List<Revision> below, Revision revision, int statement) {
    try (DatabaseSession watch = database.open();
        Walker first = Walker.start(alembic, database, STEP);
        Walker second = Walker.start(alembic, database, STEP)) {
      below.forEach(first::up);
      first.open();
      return new TwoAbreast(watch, first, second, revision).run(statement);
    }
  }

  private Ends run(int statement) {
    CompletableFuture<Void> there = CompletableFuture.runAsync(second::open);
    boolean together = doneBeforeItWaits(there);
    if (statement > 0 && !first.pauseDuring(revision, statement)) {
      return new Ends("an earlier statement.", "nothing: it was not begun.");
    }
    @Nullable CompletableFuture<StepResult> abreast = null;
    if (statement > 0 && together) {
      abreast = CompletableFuture.supplyAsync(() -> second.up(revision));
      doneBeforeItWaits(abreast);
    }
    StepResult one = statement > 0 ? first.goOn() : first.up(revision);
    first.close();
    there.join();
    if (abreast != null) {
      return new Ends(told(one), told(abreast.join()));
    }
    // Whoever had to wait reads the version table only now, and has nothing to do.
    return new Ends(told(one), together || !one.done() ? told(second.up(revision)) : "0.");
  }

  /** Waits for the second run, but not when it waits for the first. */
  private boolean doneBeforeItWaits(CompletableFuture<?> done) {
    for (int look = 0; look < LOOKS; look++) {
      try {
        done.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        if (watch.someoneWaits()) {
          return false;
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private static String told(StepResult result) {
    return result.done() ? "0." : "1: " + result.error();
  }
}
