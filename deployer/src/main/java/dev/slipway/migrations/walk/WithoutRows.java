package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.alembic.WatchedWalker;
import java.util.List;
import java.util.Optional;

/** The revisions applied one at a time where no row is stored. */
public final class WithoutRows {

  private WithoutRows() {}

  /**
   * What they make.
   *
   * @return nothing where one of them fails so
   */
  public static Optional<Catalog> head(Beginnings beginnings, List<Revision> revisions) {
    try (WatchedWalker watched = beginnings.walker()) {
      Walker walker = watched.walker();
      for (Revision revision : revisions) {
        if (!walker.up(revision).done()) {
          return Optional.empty();
        }
      }
      try (DatabaseSession session = walker.database().open()) {
        return Optional.of(session.catalog());
      }
    }
  }
}
