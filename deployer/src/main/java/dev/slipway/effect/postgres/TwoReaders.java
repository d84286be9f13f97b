package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A reader of a table who stays long, and another one who comes later: PostgreSQL lets nobody past
 * who waits for a stronger lock, so that the second waits for the first, though both only read.
 *
 * @see <a href="https://www.postgresql.org/docs/current/explicit-locking.html">explicit locking</a>
 */
public final class TwoReaders implements AutoCloseable {

  /** How long the first one stays once somebody waits for it. */
  public static final Duration STAY = Duration.ofMillis(300);

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final long LOOK = 5;

  private final String table;
  private final DatabaseSession first;
  private final Connection second;

  private TwoReaders(Database database, String table) {
    this.table = table;
    this.first = database.open();
    this.second = database.connect();
  }

  /** Lets the first one in. */
  public static TwoReaders of(Database database, String table) {
    TwoReaders readers = new TwoReaders(database, table);
    readers.first.execute("begin; select from " + table + " limit 1");
    return readers;
  }

  /**
   * Waits until somebody waits for the table.
   *
   * @param over whether nobody will any more
   */
  public boolean areInSomeonesWay(BooleanSupplier over) {
    String question =
        "select count(*) from pg_locks where relation = '%s'::regclass and not granted";
    while (!over.getAsBoolean()) {
      if (!first.text(question.formatted(table.replace("'", "''"))).equals("0")) {
        return true;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  /** For how many milliseconds the second one waits while the first is there. */
  public double secondWaits() {
    long began = System.nanoTime();
    try (Statement statement = second.createStatement()) {
      statement.execute("set lock_timeout = " + STAY.toMillis());
      began = System.nanoTime();
      statement.execute("select from " + table + " limit 1");
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw DatabaseSession.translated(first.database().name(), e);
      }
    }
    return (System.nanoTime() - began) / 1e6;
  }

  /** Both go. */
  @Override
  public void close() {
    try (first;
        second) {
      first.execute("rollback");
    } catch (SQLException e) {
      throw DatabaseSession.translated(first.database().name(), e);
    }
  }
}
