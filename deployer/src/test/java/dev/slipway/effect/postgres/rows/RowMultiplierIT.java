package dev.slipway.effect.postgres.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Tables get as many rows as are wanted, whatever else is there. */
@Tag("selftest")
@TestInstance(Lifecycle.PER_CLASS)
class RowMultiplierIT {

  private final PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:15");

  RowMultiplierIT() {
    postgres.start();
  }

  @AfterAll
  void stop() {
    postgres.stop();
  }

  @Test
  void leavesTemporaryTablesToTheirSessions() throws SQLException {
    try (Connection migration = connect();
        Statement statement = migration.createStatement();
        Connection connection = connect()) {
      statement.execute("create table books (id serial primary key, title text)");
      statement.execute("insert into books (title) values ('one')");
      statement.execute("create temp table staging as select id from books");
      RowMultiplier multiplier = new RowMultiplier(10);

      multiplier.multiply(connection);

      assertThat(multiplier.counts()).isEqualTo(Map.of("books", 10L));
      assertThat(multiplier.left()).isEmpty();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
  }
}
