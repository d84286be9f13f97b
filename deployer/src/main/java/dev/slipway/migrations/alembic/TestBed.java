package dev.slipway.migrations.alembic;

import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import java.util.List;

/**
 * Where migrations are tried: databases to throw away, and the backend's own Python beside them.
 */
public interface TestBed {

  /** A new, empty database of the platform's PostgreSQL. */
  Database createDatabase();

  /**
   * Starts a program in the backend's image where alembic is called, with its variables for this
   * database.
   */
  Conversation converse(Database database, List<String> command);
}
