package dev.slipway.migrations.alembic;

import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Roles;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where walks begin: databases with every revision but those that are to be walked. The process of
 * alembic that reads the history is also the one that walks first.
 */
public final class Beginnings implements AutoCloseable {

  private static final Duration STEP = Duration.ofMinutes(1);

  private final Alembic alembic;
  private final History history;
  private final List<Revision> revisions;
  private @Nullable Walker reader;
  private @Nullable WatchedWalker watched;
  private @Nullable Database target;
  private final Roles first;
  private Roles roles;

  private Beginnings(Alembic alembic, Walker reader, List<Revision> revisions) {
    this.alembic = alembic;
    this.reader = reader;
    this.history = reader.history();
    this.revisions = List.copyOf(revisions);
    this.first = roles(reader.database());
    this.roles = first;
  }

  private static Roles roles(Database database) {
    try (DatabaseSession session = database.open()) {
      return session.roles();
    }
  }

  /**
   * Reads the revisions, and sees whether env.py works.
   *
   * @param scope which of them are to be walked
   */
  public static Beginnings of(Alembic alembic, Function<History, List<Revision>> scope) {
    TestBed bed = alembic.bed();
    Database database = bed.nextDatabase();
    Walker reader = Walker.start(alembic, database, STEP, () -> bed.create(database));
    Beginnings beginnings;
    try {
      beginnings = new Beginnings(alembic, reader, scope.apply(reader.history()));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
    try {
      beginnings.watchAnEmptyDatabase(); // a session overlooks event triggers that come after it
      reader.requireOpen();
      return beginnings;
    } catch (RuntimeException e) {
      beginnings.close();
      throw e;
    }
  }

  /** All revisions, as alembic reads them. */
  public History history() {
    return history;
  }

  /** Those that are to be walked. */
  public List<Revision> revisions() {
    return revisions;
  }

  /** Whether every revision is to be walked, from an empty database on. */
  public boolean isAll() {
    return revisions.size() == history.revisions().size();
  }

  /** A new one, to which nobody is connected. */
  public Database database() {
    if (isAll()) {
      return emptyDatabase();
    }
    Database known = target;
    if (known == null) {
      known = TargetDatabase.of(alembic, history, revisions);
      reached(known);
    }
    return with(roles, alembic.bed().copy(known));
  }

  /** A new one to which no revision at all is applied. */
  public Database emptyDatabase() {
    return with(first, alembic.bed().createDatabase());
  }

  private static Database with(Roles roles, Database database) {
    try (DatabaseSession session = database.open()) {
      session.restore(roles);
    }
    return database;
  }

  private void reached(Database database) {
    target = database;
    roles = roles(database);
  }

  /** A new one with all that another one holds, to which nobody is connected. */
  public Database copy(Database database) {
    return alembic.bed().copy(database);
  }

  private void watchAnEmptyDatabase() {
    if (isAll()) {
      watched = WatchedWalker.of(Objects.requireNonNull(reader));
      reader = null;
    }
  }

  /** A new one, with alembic at work on it and a watch on that. */
  public WatchedWalker walker() {
    WatchedWalker known = watched;
    watched = null;
    return known != null ? known : WatchedWalker.of(unwatched());
  }

  /** A new one, with alembic at work on it. */
  public Walker unwatched() {
    Walker first = reader;
    reader = null;
    if (first != null) {
      if (rises(first)) {
        return first;
      }
      first.close();
    }
    return Walker.start(alembic, database(), STEP);
  }

  /** Brings it to where the target branch is, and keeps a copy of that for others. */
  private boolean rises(Walker walker) {
    List<String> heads = history.headsWithout(revisions);
    if (!heads.stream().allMatch(walker::upgrade)) {
      return false;
    }
    try (DatabaseSession session = walker.database().open()) {
      session.disconnectOthers();
      if (!session.versions().equals(Set.copyOf(heads))) {
        return false;
      }
    }
    if (target == null) {
      reached(alembic.bed().copy(walker.database()));
    }
    return true;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
    if (watched != null) {
      watched.close();
      watched = null;
    }
  }
}
