package dev.slipway.migrations.alembic;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import java.util.List;

/**
 * Where migrations are tried: databases to throw away, and the backend's own Python beside them.
 */
public interface TestBed {

  /** A name that no database of the platform's PostgreSQL has yet. */
  Database nextDatabase();

  /** Makes a database, which is empty. */
  default void create(Database database) {
    database.create();
  }

  /** A new, empty database of the platform's PostgreSQL. */
  default Database createDatabase() {
    Database database = nextDatabase();
    create(database);
    return database;
  }

  /** A new database with all that another one holds, which nobody is connected to. */
  default Database copy(Database template) {
    Database copy = nextDatabase();
    copy.createFrom(template);
    return copy;
  }

  /** Runs a program to its end, in the same place and with the same variables. */
  CommandResult run(Database database, List<String> command);

  /**
   * Starts a program in the backend's image where alembic is called, with its variables for this
   * database.
   */
  Conversation converse(Database database, List<String> command);
}
