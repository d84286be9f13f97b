package dev.slipway.pipeline.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.pipeline.PlatformUnderTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A database that is moved one revision at a time, and exchanged when a revision spoils it. */
final class WalkedDatabase implements AutoCloseable {

  private final PlatformUnderTest platform;
  private final History history;
  private final RowFiller rows = new RowFiller();
  private AlembicCalls alembic;

  WalkedDatabase(PlatformUnderTest platform, History history) {
    this.platform = platform;
    this.history = history;
    this.alembic = new AlembicCalls(platform);
  }

  /**
   * Applies one revision.
   *
   * @return why it did not do so
   */
  Optional<String> upgrade(Revision revision, Set<String> wanted) throws SQLException {
    CommandResult result = alembic.upgrade(revision.id());
    return UnexpectedVersion.after("alembic upgrade " + revision.id(), result, wanted, versions());
  }

  /**
   * Takes one revision back.
   *
   * @return why it did not do so
   */
  Optional<String> downgrade(Revision revision, Set<String> wanted) throws SQLException {
    String target = history.below(revision);
    CommandResult result = alembic.downgrade(target);
    return WalkFinding.downgradeFailure(revision, target, result, wanted, versions());
  }

  /** Puts rows into every table. */
  void fill() throws SQLException {
    try (Connection connection = alembic.connect()) {
      rows.fill(connection);
    }
  }

  DatabaseState look() throws SQLException {
    try (Connection connection = alembic.connect()) {
      return DatabaseState.read(connection);
    }
  }

  private Set<String> versions() throws SQLException {
    try (Connection connection = alembic.connect()) {
      return AlembicCalls.current(connection);
    }
  }

  /** Goes on with a new database to which just these revisions are applied. */
  void startAfreshAt(List<Revision> applied) {
    alembic.close();
    alembic = new AlembicCalls(platform);
    for (Revision revision : applied) {
      if (applied.stream().noneMatch(other -> other.parents().contains(revision.id()))) {
        CommandResult result = alembic.upgrade(revision.id());
        if (!result.succeeded()) {
          throw new AssertionError(
              "`alembic upgrade "
                  + revision.id()
                  + "` fails on an empty database, though not step by step:\n"
                  + UnexpectedVersion.lastWords(result));
        }
      }
    }
  }

  @Override
  public void close() {
    alembic.close();
  }
}
