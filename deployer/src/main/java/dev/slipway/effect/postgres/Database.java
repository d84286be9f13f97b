package dev.slipway.effect.postgres;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

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

  Connection connect() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.reveal());
    properties.setProperty("ApplicationName", APPLICATION);
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("connectTimeout", "20");
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
