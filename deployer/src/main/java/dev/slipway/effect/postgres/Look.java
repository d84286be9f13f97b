package dev.slipway.effect.postgres;

import dev.slipway.catalog.Catalog;
import java.util.Set;

/**
 * A database at one moment.
 *
 * @param versions the revisions that alembic's version table names
 * @param catalog every object that a migration can make
 */
public record Look(Set<String> versions, Catalog catalog) {

  /** Copies. */
  public Look {
    versions = Set.copyOf(versions);
  }
}
