package dev.slipway.effect.postgres;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database of a PostgreSQL server, and the superuser who may look at all of it.
 *
 * @param host where the server answers
 * @param port the port that it answers on
 * @param name the database
 * @param user the superuser
 * @param password the superuser's password
 */
public record Database(String host, int port, String name, String user, Secret password) {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** How long a session of our own waits for a lock; whoever waits on purpose says so itself. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final int POLL_MILLIS = 50;
  private static final String WAIT = "select pg_sleep(%d)".formatted(RECOVERY.toSeconds());
  private static final String CONNECTION_LOST = "08.*|57P0.";
  private static final String DIE =
      """
      do $$ begin execute format('copy (select 1) to program %L', 'kill -9 ' || pg_backend_pid()); end $$
      """;

  /** By which PostgreSQL tells our own sessions from a migration's. */
  static final String APPLICATION = "slipway";

  /** Another database of the same server. */
  public Database named(String other) {
    return new Database(host, port, other, user, password);
  }

  /**
   * Opens a connection of its own, which sees nothing but what was committed.
   *
   * @throws SlipwayException when nobody answers there
   */
  public DatabaseSession open() {
    return new DatabaseSession(this, connect());
  }

  /**
   * Throws away what it holds, and makes it a copy of another database.
   *
   * @param other one to which nobody is connected
   * @throws SlipwayException when it cannot be, as with a prepared transaction in it
   */
  public void become(Database other) {
    try (DatabaseSession session = open()) {
      session.disconnectOthers();
    }
    try (DatabaseSession server = named("postgres").open()) {
      server.execute("drop database " + name);
    }
    createFrom(other);
  }

  /** Makes it, empty. */
  public void create() {
    createFrom(named("template0"));
  }

  /**
   * Makes it a copy of another database.
   *
   * @param other one to which nobody is connected
   */
  public void createFrom(Database other) {
    try (DatabaseSession server = named("postgres").open()) {
      server.execute("create database " + name + " template " + other.name);
    }
  }

  /**
   * Lets the whole server go down without notice and come up again, by the death of one of its
   * processes; nothing that was not committed is left, nor any session of any database.
   *
   * @throws SlipwayException when it cannot be done, or when it does not answer again
   * @see <a href="https://www.postgresql.org/docs/current/runtime-config-error-handling.html">
   *     restart_after_crash</a>
   */
  public void crash() {
    try (Connection witness = connect()) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        // With synchronous_commit=off the last commits may not be on the disk yet.
        statement.execute("checkpoint");
        untilLost(statement, DIE);
      }
      // Whoever dies knows it before the server does, which lets people in until then. It ends the
      // witness once it lets nobody in any more.
      try (Statement statement = witness.createStatement()) {
        untilLost(statement, WAIT);
      }
    } catch (SQLException failure) {
      throw SlipwayException.refused(
          "PostgreSQL cannot be brought down: " + failure.getMessage() + ".",
          "Its user must be a superuser (POSTGRES_USER of its container), and its image must have a shell.");
    }
    awaitAnswer(Instant.now().plus(RECOVERY));
  }

  /** Runs a statement that only the end of its connection can end. */
  private static void untilLost(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
    } catch (SQLException death) {
      if (!String.valueOf(death.getSQLState()).matches(CONNECTION_LOST)) {
        throw death;
      }
      LOG.debug("The server went down: {}", death.getMessage());
    }
  }

  private void awaitAnswer(Instant end) {
    while (true) {
      try {
        connect().close();
        return;
      } catch (SlipwayException | SQLException e) {
        if (Instant.now().isAfter(end)) {
          throw SlipwayException.refused(
              "PostgreSQL does not answer "
                  + RECOVERY.toSeconds()
                  + " s after a crash: "
                  + e.getMessage(),
              "Look at the log of its container; it must restart by itself (restart_after_crash).");
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw SlipwayException.refused("Interrupted while PostgreSQL recovers.", "Run it again.");
      }
    }
  }

  Connection connect() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.reveal());
    properties.setProperty("ApplicationName", APPLICATION);
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("connectTimeout", "20");
    properties.setProperty("options", "-c lock_timeout=" + PATIENCE.toMillis());
    try {
      return DriverManager.getConnection(
          "jdbc:postgresql://" + host + ":" + port + "/" + name, properties);
    } catch (SQLException e) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          "The database "
              + name
              + " at "
              + host
              + ":"
              + port
              + " cannot be reached: "
              + e.getMessage()
              + ".",
          "Look at the log of its container: did it run out of memory or disk?",
          e);
    }
  }

  /** Where it is; the password is never shown. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + name;
  }
}
