package dev.slipway.migrations.walk;

import dev.slipway.effect.postgres.Unfinished;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Work that revisions began and did not end, each with the revision after which it was first seen.
 */
final class LeftOpen {

  private final Map<Unfinished, Revision> first = new LinkedHashMap<>();
  private final WalkedDatabase database;
  private final Set<Unfinished> locksOfTheRun;

  LeftOpen(WalkedDatabase database) {
    this.database = database;
    this.locksOfTheRun = Set.copyOf(database.advisoryLocksOfTheRun());
  }

  void look(Revision revision) {
    open().forEach(work -> first.putIfAbsent(work, revision));
  }

  /** What is open still; a later revision may have ended what an earlier one began. */
  List<MigrationFinding> findings() {
    Set<Unfinished> open = Set.copyOf(open());
    return first.entrySet().stream()
        .filter(work -> open.contains(work.getKey()))
        .map(work -> WalkFinding.workLeftOpen(work.getValue(), work.getKey().sentence()))
        .toList();
  }

  private List<Unfinished> open() {
    return database.leftOpen().stream().filter(work -> !locksOfTheRun.contains(work)).toList();
  }
}
