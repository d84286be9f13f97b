package dev.slipway.effect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** What Slipway's own sessions bear from those of a migration. */
@Tag("selftest")
class DatabaseSessionIT {

  @AutoClose
  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");

  @BeforeAll
  static void start() {
    POSTGRES.start();
  }

  @Test
  void namesWhoHoldsTheLockThatItIsNotGiven() {
    try (DatabaseSession session = database().open();
        DatabaseSession migration = database().open()) {
      assertThat(session.text("show lock_timeout")).isEqualTo("1min");
      migration.execute("create table locked (id int)");
      migration.execute("begin; lock table locked in access exclusive mode");
      session.execute("set lock_timeout = '50ms'");

      assertThatThrownBy(session::rows)
          .isInstanceOf(SlipwayException.class)
          .hasMessageContaining("a migration left a lock behind")
          .hasMessageContaining("lock table locked in access exclusive mode");
    }
  }

  @Test
  void putsRolesAsideThatCameLaterAndBringsThemBack() {
    try (DatabaseSession session = database().open()) {
      session.execute("create role known");
      Roles before = session.roles();
      session.execute("create role \"made \"\"here\"\"\"");
      Roles after = session.roles();

      session.restore(before);
      session.execute("create role \"made \"\"here\"\"\"");
      assertThat(session.roles().names().values()).contains("known", "made \"here\"");

      session.restore(after);
      assertThat(session.roles().names()).containsAllEntriesOf(after.names());
    }
  }

  @Test
  void knowsWhatSequencesNumber() {
    try (DatabaseSession session = database().open()) {
      session.execute("create table shelves (id serial primary key, name text unique)");
      session.execute(
          "create table books (\"No\" int generated always as identity, shelf int references shelves, pages int)");

      assertThat(session.numbered())
          .containsExactlyInAnyOrder("shelves.id", "books.\"No\"", "books.shelf");
    }
  }

  private static Database database() {
    return new Database(
        POSTGRES.getHost(),
        POSTGRES.getFirstMappedPort(),
        POSTGRES.getDatabaseName(),
        POSTGRES.getUsername(),
        Secret.of(POSTGRES.getPassword()));
  }
}
