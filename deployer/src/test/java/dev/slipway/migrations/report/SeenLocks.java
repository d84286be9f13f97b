package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.lock.Blocked;
import dev.slipway.migrations.lock.Felt;
import dev.slipway.migrations.lock.Hold;
import dev.slipway.migrations.lock.LockMeasurement;
import dev.slipway.migrations.lock.LockQueue;
import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.lock.RevisionLocks;
import dev.slipway.migrations.lock.Scan;
import dev.slipway.migrations.lock.Timeline;
import dev.slipway.migrations.lock.Timeline.Mark;
import dev.slipway.platform.Migrations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Locks of one revision, of every kind. */
final class SeenLocks {

  private static final String ADD = "ALTER TABLE orders ADD COLUMN note TEXT";
  private static final String INDEX = "CREATE INDEX ix ON customers (name)";

  private SeenLocks() {}

  static LockReport report(Revision revision) {
    Timeline timeline =
        new Timeline(
            400,
            List.of(new Mark(1, 2, 12), new Mark(2, 200, 390)),
            List.of(
                new Hold("orders", Blocked.READS, 1, 2, 400, false, Map.of()),
                new Hold("customers", Blocked.WRITES, 2, 200, 400, true, Map.of())),
            List.of(
                new Felt("orders", Blocked.READS, 1, ADD, 10, 400),
                new Felt("customers", Blocked.WRITES, 2, INDEX, 220, 400)),
            List.of(new Scan("customers", 2, INDEX, 100_000)));
    return LockReport.of(
        new LockMeasurement(
            List.of(
                new RevisionLocks(
                    revision,
                    timeline,
                    true,
                    List.of(),
                    Optional.of(new LockQueue("orders", 1, ADD, false, OptionalDouble.of(301.4))))),
            Set.of("orders", "customers"),
            Map.of(),
            List.of()),
        Migrations.DEFAULT);
  }
}
