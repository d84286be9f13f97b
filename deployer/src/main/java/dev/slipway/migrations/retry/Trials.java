package dev.slipway.migrations.retry;

import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Walker;
import dev.slipway.migrations.walk.WalkedRevision;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What it takes to let revisions go wrong.
 *
 * @param alembic how it is called
 * @param databases new ones, without the revisions that are proved
 * @param revisions as they were walked
 * @param aftermath what is asked of them after that
 */
public record Trials(
    Alembic alembic,
    Supplier<Database> databases,
    List<WalkedRevision> revisions,
    Aftermath aftermath) {

  private static final Duration STEP = Duration.ofMinutes(1);

  /** Copies. */
  public Trials {
    revisions = List.copyOf(revisions);
  }

  /** Alembic on a database that has all that comes before them. */
  Walker walker(Database database) {
    return Walker.start(alembic, database, STEP);
  }

  /** The revisions that come before one of them. */
  List<WalkedRevision> before(int index) {
    return revisions.subList(0, index);
  }
}
