package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.Revision;
import java.util.List;
import java.util.Optional;

/**
 * The locks of one revision.
 *
 * @param revision which
 * @param timeline what it did with the most rows
 * @param filled whether that was seen with rows, which stand in the way of some
 * @param blocks whom it keeps from which table
 * @param queue what gathers behind it where somebody else reads for long; nothing where that has an
 *     end, or where it takes no such lock
 */
public record RevisionLocks(
    Revision revision,
    Timeline timeline,
    boolean filled,
    List<Block> blocks,
    Optional<LockQueue> queue) {

  /** Copies. */
  public RevisionLocks {
    blocks = List.copyOf(blocks);
  }
}
