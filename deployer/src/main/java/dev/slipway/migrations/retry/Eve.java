package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Roles;
import dev.slipway.migrations.alembic.Walker;
import org.jspecify.annotations.Nullable;

/**
 * Databases on the eve of a revision: what comes before it is applied once, however often it dies,
 * and once more only what comes between it and the next one.
 */
final class Eve {

  private final Trials trials;
  private int applied;
  private @Nullable Copied copied;

  /** A database that nobody moves, and the roles that there were besides. */
  private record Copied(Database database, Roles roles) {}

  Eve(Trials trials) {
    this.trials = trials;
  }

  /**
   * Alembic on a new database, which has applied what comes before a revision.
   *
   * @param index which; not one before the last that was asked for
   * @param more whether this one or a later one will be asked for again
   */
  Walker walker(int index, boolean more) {
    Walker walker = trials.walker(database());
    trials.revisions().subList(applied, index).forEach(before -> walker.up(before.revision()));
    if (more && index > applied && walker.rest()) {
      keep(walker.database());
      applied = index;
    }
    return walker;
  }

  private Database database() {
    Copied known = copied;
    if (known == null) {
      return trials.databases().get();
    }
    Database database = trials.alembic().bed().copy(known.database());
    try (DatabaseSession session = database.open()) {
      session.restore(known.roles());
    }
    return database;
  }

  private void keep(Database database) {
    Roles roles;
    try (DatabaseSession session = database.open()) {
      session.disconnectOthers();
      roles = session.roles();
    }
    copied = new Copied(trials.alembic().bed().copy(database), roles);
  }
}
