package dev.slipway.migrations;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.QueuedAnswers;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.TestBed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** An alembic whose revisions are SQL alone, on the databases of a container. */
final class SqlAlembic implements TestBed {

  private final PostgreSQLContainer postgres;
  private final List<Migration> migrations = new ArrayList<>();
  private int databases;
  private int calls;
  private boolean silent;
  private boolean alone;
  private boolean interrupted;
  private int lastGoodCall = Integer.MAX_VALUE;

  /** A revision as its two ways. */
  private record Migration(Revision revision, List<String> up, List<String> down) {}

  SqlAlembic(PostgreSQLContainer postgres) {
    this.postgres = postgres;
  }

  /** One more on top, with a waiver or none. */
  SqlAlembic with(List<String> up, List<String> down, String... comments) {
    String id = "%04d".formatted(migrations.size() + 1);
    List<String> parents =
        migrations.isEmpty() ? List.of() : List.of("%04d".formatted(migrations.size()));
    List<Revision.Comment> read = new ArrayList<>();
    for (String comment : comments) {
      read.add(new Revision.Comment(1, comment));
    }
    migrations.add(new Migration(new Revision(id, parents, 1, "", id + ".py", read), up, down));
    return this;
  }

  /** From then on every call of the command fails. */
  SqlAlembic failingAfterCall(int call) {
    lastGoodCall = call;
    return this;
  }

  /** Whoever calls the command is interrupted meanwhile, as by SIGTERM. */
  SqlAlembic interruptedWhenCalled() {
    interrupted = true;
    return this;
  }

  /** No statement is within a transaction. */
  SqlAlembic committingEachStatement() {
    alone = true;
    return this;
  }

  /** Whoever asks it for its statements hears of none. */
  SqlAlembic keepingStatementsToItself() {
    silent = true;
    return this;
  }

  @Override
  public Database nextDatabase() {
    databases++;
    return new Database(
        postgres.getHost(),
        postgres.getFirstMappedPort(),
        "walked_%x_%d".formatted(System.identityHashCode(this), databases),
        postgres.getUsername(),
        Secret.of(postgres.getPassword()));
  }

  @Override
  public synchronized CommandResult run(Database database, List<String> command) {
    calls++;
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw SlipwayException.refused("Interrupted.", "Run it again.");
    }
    if (calls > lastGoodCall) {
      return new CommandResult(1, "", "the search engine has the index already");
    }
    try (Connection connection = connect(database)) {
      String applied = applied(connection);
      for (Migration migration : migrations) {
        if (migration.revision().id().compareTo(applied) > 0) {
          move(connection, migration, true);
        }
      }
      commit(connection);
      return new CommandResult(0, "", "");
    } catch (SQLException failure) {
      return new CommandResult(1, "", String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    return new Steps(database);
  }

  private Connection connect(Database database) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            postgres.getJdbcUrl().replaceFirst("/[^/]*$", "/" + database.name()),
            postgres.getUsername(),
            postgres.getPassword());
    connection.setAutoCommit(alone);
    return connection;
  }

  private static void commit(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.commit();
    }
  }

  private static String applied(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists alembic_version (version_num text)");
      try (ResultSet row =
          statement.executeQuery("select coalesce(max(version_num), '') from alembic_version")) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private static void move(Connection connection, Migration migration, boolean up)
      throws SQLException {
    Revision revision = migration.revision();
    String below = revision.parents().isEmpty() ? "" : revision.parents().get(0);
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists alembic_version (version_num text)");
      for (String sql : up ? migration.up() : migration.down()) {
        statement.execute(sql);
      }
      statement.execute("delete from alembic_version");
      String now = up ? revision.id() : below;
      if (!now.isEmpty()) {
        statement.execute("insert into alembic_version values ('" + now + "')");
      }
    }
  }

  /** One process that takes steps, each on a connection of its own. */
  private final class Steps extends QueuedAnswers {

    private final Database database;

    Steps(Database database) {
      this.database = database;
    }

    @Override
    public void say(String line) {
      if (line.isEmpty()) {
        return;
      }
      if (Json.tree(line).path("ahead").asBoolean()) {
        answer(Map.of("done", false, "skipped", true)); // it never tells what was seen
        return;
      }
      String wish = Json.tree(line).path("do").asText();
      switch (wish) {
        case "read" ->
            answer(
                new History(
                    List.of(migrations.get(migrations.size() - 1).revision().id()),
                    migrations.stream().map(Migration::revision).toList()));
        case "up", "down" -> step(Json.tree(line).path("revision").asText(), wish.equals("up"));
        case "source" -> answer(Map.of("downgrade", "PRESENT"));
        default -> answer(Map.of("done", true));
      }
    }

    private void step(String id, boolean up) {
      Migration migration =
          migrations.stream()
              .filter(known -> known.revision().id().equals(id))
              .findFirst()
              .orElseThrow();
      List<String> sent = up ? migration.up() : migration.down();
      try (Connection connection = connect(database)) {
        move(connection, migration, up);
        commit(connection);
        answer(Map.of("done", true, "statements", silent ? List.of() : sent));
      } catch (SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        answer(
            Map.of(
                "done",
                false,
                "error",
                message,
                "traceback",
                message,
                "state",
                String.valueOf(failure.getSQLState()),
                "statements",
                silent ? List.of() : sent));
      }
    }
  }
}
