package dev.slipway.effect.postgres;

import dev.slipway.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A database at one moment.
 *
 * @param versions the revisions that alembic's version table names
 * @param catalog every object that a migration can make
 * @param unfinished work that was begun and not ended, when that was looked for
 */
public record Look(Set<String> versions, Catalog catalog, Optional<List<Unfinished>> unfinished) {

  /** Copies. */
  public Look {
    versions = Set.copyOf(versions);
    unfinished = unfinished.map(List::copyOf);
  }
}
