package dev.slipway.migrations.walk;

import dev.slipway.SlipwayException;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Roles;
import dev.slipway.migrations.alembic.Beginnings;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of a walked database without rows, so that a long walk need not begin at its first
 * revision again.
 */
final class Checkpoints {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final int REVISIONS_BETWEEN = 10;

  private final Beginnings beginnings;
  private final TreeMap<Integer, Checkpoint> copies = new TreeMap<>();

  /** A copy, and the roles that there were besides. */
  private record Checkpoint(Database database, Roles roles) {

    static Checkpoint of(Database copy) {
      try (DatabaseSession session = copy.open()) {
        return new Checkpoint(copy, session.roles());
      }
    }
  }

  Checkpoints(Beginnings beginnings) {
    this.beginnings = beginnings;
  }

  /**
   * Brings a database, to which no migration is connected, to the nearest that is known.
   *
   * @param most how many of the walked revisions may be applied
   * @return how many are; nothing when the database cannot be exchanged
   */
  OptionalInt restore(Database database, int most) {
    copies.computeIfAbsent(0, none -> Checkpoint.of(beginnings.database()));
    Map.Entry<Integer, Checkpoint> nearest = Objects.requireNonNull(copies.floorEntry(most));
    try {
      database.become(nearest.getValue().database());
      try (DatabaseSession session = database.open()) {
        session.restore(nearest.getValue().roles());
      }
      return OptionalInt.of(nearest.getKey());
    } catch (SlipwayException e) {
      LOG.debug("A new database, since {} stays as it is", database.name(), e);
      return OptionalInt.empty();
    }
  }

  /** Keeps a copy of a database, whose sessions end with that, unless another is near enough. */
  void keep(Database database, int applied) {
    Map.Entry<Integer, Checkpoint> nearest = copies.floorEntry(applied);
    if (applied - (nearest == null ? 0 : nearest.getKey()) < REVISIONS_BETWEEN) {
      return;
    }
    try (DatabaseSession session = database.open()) {
      session.disconnectOthers();
    }
    copies.put(applied, Checkpoint.of(beginnings.copy(database)));
  }
}
