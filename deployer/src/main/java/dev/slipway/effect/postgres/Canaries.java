package dev.slipway.effect.postgres;

import dev.slipway.DaemonThreads;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * A reader and a writer for each of some tables, who feel what users would feel. They share a few
 * connections, however many tables there are: whoever meets a lock gives up after some milliseconds
 * and comes back at once, so that nobody is in a queue for long, and none can be part of a
 * deadlock.
 */
public final class Canaries {

  private static final int CONNECTIONS = 4;

  /** Milliseconds between two questions of a canary, at least, and more where there are many. */
  private static final long FEWEST = 40;

  private static final long EACH = 2;
  private static final Duration TURN = Duration.ofMillis(20);

  /** Triggers would lock other tables; a lock that is not given is no news for the server's log. */
  private static final String SETTINGS =
      "set lock_timeout = 10; set log_min_messages = fatal; set session_replication_role = replica";

  private static final String NOW = "select extract(epoch from clock_timestamp()) * 1000";

  private final Database database;
  private final DelayQueue<Canary> due = new DelayQueue<>();
  private final List<Canary> all = new ArrayList<>();
  private final List<CompletableFuture<Void>> work = new ArrayList<>();
  private volatile boolean over;

  private Canaries(Database database, Collection<StoredTable> tables, DoubleSupplier clock) {
    this.database = database;
    Duration rest = Duration.ofMillis(Math.max(FEWEST, EACH * 2 * tables.size()));
    for (StoredTable table : tables) {
      all.add(new Canary(table.name(), false, rest, clock));
      if (table.writable()) {
        all.add(new Canary(table.name(), true, rest, clock));
      }
    }
    due.addAll(all);
  }

  /** Lets them out; whoever does must also bring them {@link #home}. */
  public static Canaries of(Database database, Collection<StoredTable> tables) {
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(CONNECTIONS, 2 * tables.size()); i++) {
        Connection connection = database.connect();
        connections.add(connection);
        try (Statement statement = connection.createStatement()) {
          statement.execute(SETTINGS);
        }
        connection.setAutoCommit(false);
      }
      Canaries canaries = new Canaries(database, tables, clock(connections));
      connections.forEach(canaries::begin);
      return canaries;
    } catch (SQLException e) {
      throw DatabaseSession.translated(database.name(), e);
    }
  }

  /** PostgreSQL's clock, asked once, since it may be another machine's. */
  private static DoubleSupplier clock(List<Connection> connections) throws SQLException {
    if (connections.isEmpty()) {
      return () -> 0;
    }
    Connection connection = connections.get(0);
    try (Statement statement = connection.createStatement()) {
      statement.execute(NOW);
      long asked = System.nanoTime();
      try (ResultSet now = statement.executeQuery(NOW)) {
        now.next();
        double between = (asked + System.nanoTime()) / 2.0;
        double then = now.getDouble(1);
        connection.rollback();
        return () -> then + (System.nanoTime() - between) / 1e6;
      }
    }
  }

  private void begin(Connection connection) {
    work.add(
        CompletableFuture.runAsync(
            () -> askOn(connection), work -> DaemonThreads.start("canary", work)));
  }

  private void askOn(Connection connection) {
    try (connection) {
      while (!over) {
        Canary next = due.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null && next.ask(connection)) {
          due.add(next);
        }
      }
    } catch (SQLException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends them, and tells what they waited for. */
  public List<LockWait> home() {
    over = true;
    try {
      CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw DatabaseSession.translated(database.name(), cause);
      }
      throw e;
    }
    return all.stream().flatMap(canary -> canary.waits().stream()).toList();
  }
}
