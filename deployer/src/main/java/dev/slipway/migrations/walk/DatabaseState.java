package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.effect.postgres.rows.RowContents;
import java.util.Set;

/**
 * All that can be seen of a database.
 *
 * @param versions the revisions that its version table names
 * @param catalog its objects
 * @param rows its rows
 */
record DatabaseState(Set<String> versions, Catalog catalog, RowContents rows) {

  DatabaseState {
    versions = Set.copyOf(versions);
  }
}
