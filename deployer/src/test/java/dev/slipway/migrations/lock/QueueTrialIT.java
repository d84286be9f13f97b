package dev.slipway.migrations.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.TwoReaders;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A reader who comes late waits behind a migration, unless that has a limit. */
@Tag("selftest")
class QueueTrialIT {

  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");
  private static final double STAY = (double) TwoReaders.STAY.toMillis();

  private static Database database;

  @BeforeAll
  static void start() {
    POSTGRES.start();
    database =
        new Database(
            POSTGRES.getHost(),
            POSTGRES.getFirstMappedPort(),
            POSTGRES.getDatabaseName(),
            POSTGRES.getUsername(),
            Secret.of(POSTGRES.getPassword()));
    try (DatabaseSession session = database.open()) {
      session.execute("create table \"Order's\" (id int)");
    }
  }

  @AfterAll
  static void stop() {
    POSTGRES.stop();
  }

  @Test
  void aReaderWaitsForAsLongAsTheFirstOneReads() {
    AtomicReference<String> end = new AtomicReference<>("none");

    assertThat(waited("0", "alter table \"Order's\" add column more int", end))
        .isGreaterThanOrEqualTo(STAY * 0.9);
    assertThat(end).hasValue("");
  }

  @Test
  void aLimitEndsThatForBoth() {
    AtomicReference<String> end = new AtomicReference<>("none");

    assertThat(waited("'50ms'", "alter table \"Order's\" add column less int", end))
        .isLessThan(STAY * 0.9);
    assertThat(end.get()).contains("lock timeout");
  }

  @Test
  void nobodyWaitsBehindWhatTakesNoSuchLock() {
    assertThat(
            QueueTrial.waited(
                database, "\"Order's\"", () -> moved("0", "create index on \"Order's\" (id)")))
        .isEmpty();
  }

  private static double waited(String limit, String statement, AtomicReference<String> end) {
    return QueueTrial.waited(database, "\"Order's\"", () -> end.set(moved(limit, statement)))
        .orElseThrow();
  }

  private static String moved(String limit, String statement) {
    try (DatabaseSession session = database.open()) {
      session.execute("set lock_timeout = " + limit);
      session.execute(statement);
      return "";
    } catch (SlipwayException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
