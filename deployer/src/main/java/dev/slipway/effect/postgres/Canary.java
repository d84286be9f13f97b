package dev.slipway.effect.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * One user of one table, who reads or writes a row again and again. It takes the locks that
 * everybody takes, and leaves nothing: what it writes is rolled back, and was the same before.
 */
final class Canary implements Delayed {

  /** A whole row is read, so that it depends on no column that a migration may take away. */
  private static final String READ = "select from %s limit 1";

  /** The lock of every INSERT, UPDATE and DELETE, and then that of an UPDATE on one row. */
  private static final String WRITE =
      "delete from %1$s where false; select from %1$s limit 1 for no key update";

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String TRY_AGAIN = "40";
  private static final String CONNECTION_LOST = "08.*|57P0.";
  private final String table;
  private final boolean writing;
  private final Duration rest;
  private final DoubleSupplier clock;
  private final List<LockWait> waits = new ArrayList<>();
  private long due = System.nanoTime();
  private double since = Double.NaN;

  /**
   * One that asks at once.
   *
   * @param rest how long it pauses after each answer
   * @param clock PostgreSQL's, in milliseconds
   */
  Canary(String table, boolean writing, Duration rest, DoubleSupplier clock) {
    this.table = table;
    this.writing = writing;
    this.rest = rest;
    this.clock = clock;
  }

  /**
   * Asks once, and waits for a lock no longer than the connection lets it.
   *
   * @return whether it can go on: not when its table is gone, or cannot be read
   */
  boolean ask(Connection connection) throws SQLException {
    double began = clock.getAsDouble();
    try (Statement statement = connection.createStatement()) {
      statement.execute((writing ? WRITE : READ).formatted(table));
      connection.rollback();
      end();
      due = System.nanoTime() + rest.toNanos();
      return true;
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.matches(CONNECTION_LOST)) {
        throw e;
      }
      connection.rollback();
      if (state.equals(LOCK_NOT_AVAILABLE)) {
        since = Double.isNaN(since) ? began : since;
        due = System.nanoTime();
        return true;
      }
      end();
      due = System.nanoTime() + rest.toNanos();
      return state.startsWith(TRY_AGAIN);
    }
  }

  /** What it waited for, up to now. */
  List<LockWait> waits() {
    end();
    return List.copyOf(waits);
  }

  private void end() {
    if (!Double.isNaN(since)) {
      waits.add(new LockWait(table, writing, since, clock.getAsDouble()));
      since = Double.NaN;
    }
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
