package dev.slipway.migrations.alembic;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.rows.RowFiller;
import java.time.Duration;
import java.util.List;

/** Databases with rows, the same each time. */
public final class FilledDatabase {

  private static final Duration STEP = Duration.ofMinutes(1);

  private FilledDatabase() {}

  /**
   * Applies revisions, and puts rows into every table that there is then.
   *
   * @param database one without those revisions
   * @return the same, to which nobody is connected
   */
  public static Database of(Alembic alembic, Database database, List<Revision> revisions) {
    if (!revisions.isEmpty()) {
      try (Walker walker = Walker.start(alembic, database, STEP)) {
        revisions.forEach(walker::up);
      }
    }
    try (DatabaseSession session = database.open()) {
      session.disconnectOthers();
      session.fill(new RowFiller());
    }
    return database;
  }
}
