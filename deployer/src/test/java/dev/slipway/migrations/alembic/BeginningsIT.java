package dev.slipway.migrations.alembic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.catalog.SchemaObject;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** How a walk begins, on a real PostgreSQL. */
@Tag("selftest")
class BeginningsIT {

  private static final Revision ONLY =
      new Revision("a1b2", List.of(), 0, "make orders", "versions/a1b2.py", List.of());

  @AutoClose
  private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:15");

  @BeforeAll
  static void start() {
    POSTGRES.start();
  }

  @Test
  void watchesTheDatabaseBeforeEvenTheQuickestEnvPyConnects() {
    Alembic alembic = new Alembic(new Bed("walked"), List.of("alembic"));
    try (Beginnings beginnings = Beginnings.of(alembic, History::revisions);
        WatchedWalker watched = beginnings.walker()) {
      assertThat(watched.watch().look().catalog().objects())
          .extracting(SchemaObject::name)
          .containsExactly("public");

      assertThat(watched.walker().up(ONLY).done()).isTrue();

      assertThat(watched.watch().look().catalog().objects())
          .extracting(SchemaObject::name)
          .contains("orders");
    }
  }

  @Test
  void refusesAnEnvPyThatIsConnectedToAnotherDatabase() {
    Bed bed =
        new Bed("not_walked") {
          @Override
          public Conversation converse(Database database, List<String> command) {
            return new QuickAlembic(database.named("postgres"));
          }
        };

    assertThatThrownBy(
            () -> Beginnings.of(new Alembic(bed, List.of("alembic")), History::revisions))
        .isInstanceOf(SlipwayException.class)
        .asString()
        .contains("env.py migrates 'postgres', not the database", "'not_walked'", "`POSTGRES_DB`");
  }

  @Test
  void knowsThatNobodyAnswersWhereAsyncpgConnects() {
    String refused =
        "OSError: Multiple exceptions: [Errno 111] Connect call failed ('127.0.0.1', 5432)";
    Bed bed =
        new Bed("unreached") {
          @Override
          public Conversation converse(Database database, List<String> command) {
            return new QuickAlembic(database) {
              @Override
              void open() {
                answer(Map.of("done", false, "error", refused, "traceback", refused));
              }
            };
          }
        };

    assertThatThrownBy(
            () -> Beginnings.of(new Alembic(bed, List.of("alembic")), History::revisions))
        .asString()
        .contains("take another address from");
  }

  /** The databases of the container, and an alembic that loses no time. */
  private static class Bed extends RefusingBed {

    private final String name;

    Bed(String name) {
      this.name = name;
    }

    private final Database server =
        new Database(
            POSTGRES.getHost(),
            POSTGRES.getFirstMappedPort(),
            "postgres",
            POSTGRES.getUsername(),
            Secret.of(POSTGRES.getPassword()));

    @Override
    public Database nextDatabase() {
      return server.named(name);
    }

    @Override
    public void create(Database database) {
      database.create();
    }

    @Override
    public Conversation converse(Database database, List<String> command) {
      return new QuickAlembic(database);
    }
  }

  /**
   * Does at once what it is told: where env.py is run, it has begun its transaction and made the
   * version table, as alembic does, when the line is said. It sends statements as psycopg2 does.
   */
  private static class QuickAlembic extends QueuedAnswers {

    private final Database database;
    private @Nullable Connection connection;

    QuickAlembic(Database database) {
      this.database = database;
    }

    @Override
    public void say(String line) {
      try {
        switch (line.isEmpty() ? "" : Json.tree(line).path("do").asText()) {
          case "" -> {}
          case "read" -> answer(new History(List.of(ONLY.id()), List.of(ONLY)));
          case "open" -> open();
          case "up" -> {
            execute("create table orders (id int)");
            execute("insert into alembic_version values ('a1b2')");
            execute("commit");
            answer(Map.of("done", true));
          }
          default -> throw new IllegalArgumentException(line);
        }
      } catch (SQLException failure) {
        throw new IllegalStateException(failure);
      }
    }

    void open() throws SQLException {
      connection = connect();
      execute("create table alembic_version (version_num text)");
      answer(Map.of("done", true));
    }

    private Connection connect() throws SQLException {
      Connection made =
          DriverManager.getConnection(
              POSTGRES.getJdbcUrl().replaceFirst("/[^/]*$", "/" + database.name())
                  + "?preferQueryMode=simple",
              POSTGRES.getUsername(),
              POSTGRES.getPassword());
      made.setAutoCommit(false);
      return made;
    }

    private void execute(String sql) throws SQLException {
      try (Statement statement = Objects.requireNonNull(connection).createStatement()) {
        statement.execute(sql);
      }
    }

    @Override
    public void close() {
      try {
        if (connection != null) {
          connection.close();
        }
      } catch (SQLException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
