package dev.slipway.migrations.alembic;

import dev.slipway.effect.postgres.CatalogWatch;
import dev.slipway.effect.postgres.DatabaseSession;

/**
 * Alembic at work on a database, and a watch on what it does there.
 *
 * @param walker the one that works
 * @param session another connection to its database
 * @param watch sees through that connection what changes
 */
public record WatchedWalker(Walker walker, DatabaseSession session, CatalogWatch watch)
    implements AutoCloseable {

  /** Puts a watch on a walker's database. */
  public static WatchedWalker of(Walker walker) {
    DatabaseSession session = walker.database().open();
    return new WatchedWalker(walker, session, session.watch());
  }

  @Override
  public void close() {
    session.close();
    walker.close();
  }
}
