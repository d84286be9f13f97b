package dev.slipway.migrations.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.RefusingBed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** What a cut-off run left is found, whatever else is unfinished. */
@Tag("selftest")
class AftermathIT {

  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");

  @BeforeAll
  static void start() {
    POSTGRES.start();
  }

  @AfterAll
  static void stop() {
    POSTGRES.stop();
  }

  @Test
  void seesAnInvalidIndexBehindAConstraintThatIsNotValid() {
    Database database = database();
    try (DatabaseSession session = database.open()) {
      session.execute("create table orders (reference text)");
      session.execute("insert into orders values ('one'), ('one')");
      session.execute("alter table orders add constraint known check (reference <> '') not valid");
      assertThat(aftermath(session).of(database)).isEmpty();

      assertThatThrownBy(
              () ->
                  session.execute(
                      "create unique index concurrently ix_orders_reference on orders (reference)"))
          .isInstanceOf(SlipwayException.class);
      assertThat(aftermath(session).of(database))
          .hasValueSatisfying(
              wrong -> assertThat(wrong).contains("the index ix_orders_reference is INVALID"));
      session.execute("drop table orders");
    }
  }

  @Test
  void seesAnIndexWhoseBuildingWasCutOff() {
    try (DatabaseSession session = database().open()) {
      session.execute("create table books (title text)");
      session.execute("create index by_title on books (title)");
      assertThat(session.cutOffIndex("by_title", session.indexes())).isFalse();
      assertThat(session.cutOffIndex("by_author", Set.of())).isFalse();
      assertThat(aftermath(session).of(session.database())).isEmpty();

      assertThat(session.cutOffIndex("by_title", Set.of())).isTrue();
      assertThat(aftermath(session).of(session.database()))
          .hasValueSatisfying(wrong -> assertThat(wrong).contains("the index by_title is INVALID"));
      session.execute("drop table books");
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

  private static Aftermath aftermath(DatabaseSession head) {
    return Aftermath.like(
        new Alembic(new AlembicWithNothingToDo(), List.of("alembic")), head.database());
  }

  /** A database that is at the head already. */
  private static final class AlembicWithNothingToDo extends RefusingBed {

    @Override
    public CommandResult run(Database database, List<String> command) {
      return new CommandResult(0, "", "");
    }
  }
}
