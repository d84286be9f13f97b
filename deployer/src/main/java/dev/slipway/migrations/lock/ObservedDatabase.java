package dev.slipway.migrations.lock;

import dev.slipway.effect.postgres.Canaries;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.LockWait;
import dev.slipway.effect.postgres.StoredTable;
import dev.slipway.effect.postgres.rows.RowFiller;
import dev.slipway.effect.postgres.rows.RowMultiplier;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StatementLook;
import dev.slipway.migrations.alembic.Walker;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A database in which revisions are looked at while they are applied. */
final class ObservedDatabase implements AutoCloseable {

  /**
   * A limit that nobody would set, which shows where the project's own code sets another one; a
   * limit of the database yields to every other.
   */
  static final long NOBODYS_LOCK_TIMEOUT = 3_600_007;

  private static final Duration STEP = Duration.ofMinutes(2);

  /** Otherwise what is counted and how long it takes would depend on how busy the machine is. */
  private static final String WITHOUT_HELPERS =
      "do $$ begin execute format('alter database %I set max_parallel_workers_per_gather = 0', current_database());"
          + " execute format('alter database %I set max_parallel_maintenance_workers = 0', current_database());"
          + " execute format('alter database %I set lock_timeout = "
          + NOBODYS_LOCK_TIMEOUT
          + "', current_database()); end $$";

  private final int number;
  private final DatabaseSession session;
  private final Walker walker;
  private final RowMultiplier multiplier;
  private boolean filled;

  private ObservedDatabase(
      int number, DatabaseSession session, Walker walker, RowMultiplier multiplier) {
    this.number = number;
    this.session = session;
    this.walker = walker;
    this.multiplier = multiplier;
  }

  /**
   * Prepares one.
   *
   * @param number how many there were before it
   * @param rows how many rows each table is to have
   */
  static ObservedDatabase of(Alembic alembic, int number, Database database, long rows) {
    DatabaseSession session = database.open();
    try {
      session.execute(WITHOUT_HELPERS);
      session.execute(StatementLook.PREPARATION);
      return new ObservedDatabase(
          number, session, Walker.start(alembic, database, STEP), new RowMultiplier(rows));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Applies a revision that nobody looks at, and says whether it was. */
  boolean up(Revision revision) {
    return walker.up(revision).done();
  }

  /** Puts rows into every table. */
  void fill(RowFiller filler) {
    session.fill(filler);
    session.multiply(multiplier);
    filled = true;
  }

  /** Applies a revision, and looks at it and at those who wait for it. */
  ObservedWalk.Step observe(Revision revision) {
    Map<Long, StoredTable> tables = session.tables();
    Canaries canaries = Canaries.of(session.database(), tables.values());
    List<LockWait> waits = List.of();
    ObservedStep seen;
    try {
      seen = walker.observe(revision);
    } finally {
      waits = canaries.home();
    }
    Timeline timeline = seen.result().done() ? Timeline.of(seen, tables, waits) : Timeline.NOTHING;
    return new ObservedWalk.Step(
        revision, seen, number, filled, multiplier.counts(), tables, timeline);
  }

  /** The names of the tables that it has. */
  List<String> tables() {
    return session.tables().values().stream().map(StoredTable::name).toList();
  }

  /** The tables that took fewer rows, with the reason. */
  Map<String, String> left() {
    return multiplier.left();
  }

  @Override
  public void close() {
    try (session) {
      walker.close();
    }
  }
}
