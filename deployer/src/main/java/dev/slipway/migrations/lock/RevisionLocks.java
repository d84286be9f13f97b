package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.Revision;
import java.util.List;

/**
 * The locks of one revision.
 *
 * @param revision which
 * @param millis how long it took with the most rows
 * @param blocks whom it keeps from which table
 */
public record RevisionLocks(Revision revision, double millis, List<Block> blocks) {

  /** Copies. */
  public RevisionLocks {
    blocks = List.copyOf(blocks);
  }
}
