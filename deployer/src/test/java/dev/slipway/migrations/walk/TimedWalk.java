package dev.slipway.migrations.walk;

import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.migrations.rule.MigrationFinding;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The walk that {@code bench/migrations} measures: every revision of a project in a running
 * container, on a new database of a running PostgreSQL.
 */
final class TimedWalk implements TestBed {

  private final DockerEngine engine;
  private final String container;
  private final String project;
  private final Database server;
  private int databases;

  private TimedWalk(DockerEngine engine, String container, String project, Database server) {
    this.engine = engine;
    this.container = container;
    this.project = project;
    this.server = server;
  }

  /**
   * Walks once.
   *
   * @param arguments the container and the project's folder in it; where PostgreSQL answers from
   *     here, and its password; whether {@code all} revisions are walked or the {@code last}
   */
  public static void main(String[] arguments) {
    Database server =
        new Database(
            arguments[2],
            Integer.parseInt(arguments[3]),
            "postgres",
            "postgres",
            Secret.of(arguments[4]));
    try (DockerEngine engine = DockerEngine.connect()) {
      TimedWalk bed = new TimedWalk(engine, arguments[0], arguments[1], server);
      long began = System.nanoTime();
      List<MigrationFinding> findings =
          walk(new Alembic(bed, List.of("alembic")), !arguments[5].equals("last")).findings();
      System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - began) / 1e9);
      findings.forEach(System.err::println);
      System.exit(findings.isEmpty() ? 0 : 1);
    }
  }

  private static WalkReport walk(Alembic alembic, boolean all) {
    try (Beginnings beginnings =
        Beginnings.of(alembic, history -> all ? history.revisions() : last(history))) {
      return RevisionWalk.report(
          beginnings, WalkOptions.SCHEMA, beginnings.revisions(), line -> {});
    }
  }

  private static List<Revision> last(History history) {
    return List.of(history.revision(history.heads().get(0)));
  }

  @Override
  public Database nextDatabase() {
    return server.named("walk_" + ProcessHandle.current().pid() + "_" + ++databases);
  }

  @Override
  public void create(Database database) {
    database.create();
    asynchronous(database);
  }

  @Override
  public Database copy(Database template) {
    Database copy = nextDatabase();
    copy.createFrom(template);
    asynchronous(copy);
    return copy;
  }

  /** As the whole server is on which a verification walks. */
  private void asynchronous(Database database) {
    try (DatabaseSession session = server.open()) {
      session.execute("alter database " + database.name() + " set synchronous_commit = off");
    }
  }

  @Override
  public CommandResult run(Database database, List<String> command) {
    return engine.execute(
        container, Optional.of(project), variables(database), command, Duration.ofMinutes(10));
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    return engine.converse(container, Optional.of(project), variables(database), command);
  }

  private Map<String, String> variables(Database database) {
    return Map.of(
        "DATABASE_URL",
        "postgresql+psycopg2://postgres:"
            + server.password().reveal()
            + "@postgres/"
            + database.name());
  }
}
