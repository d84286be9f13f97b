package dev.slipway.migrations.retry;

import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Unfinished;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one more {@code alembic upgrade head} makes of a database in which others went wrong: the
 * head, as if nothing had happened.
 *
 * @param alembic how it is called
 * @param head the catalog at the head
 * @param rows how many rows each table has after an upgrade in which nothing went wrong
 */
public record Aftermath(Alembic alembic, Catalog head, Map<String, Long> rows) {

  /** Copies. */
  public Aftermath {
    rows = Map.copyOf(rows);
  }

  /**
   * What is to be expected.
   *
   * @param upgraded a database in which nothing went wrong
   */
  public static Aftermath like(Alembic alembic, Database upgraded) {
    try (DatabaseSession session = upgraded.open()) {
      return new Aftermath(alembic, session.catalog(), session.rows().counts());
    }
  }

  /** What is wrong after it; nothing when it leads to the head. */
  Optional<String> of(Database database) {
    CommandResult again = alembic.call(database, "upgrade", "head");
    if (!again.succeeded()) {
      return Optional.of(
          "`alembic upgrade head`, called again, fails:\n" + UnexpectedVersion.lastWords(again));
    }
    try (DatabaseSession session = database.open()) {
      return leftOpen(session)
          .or(() -> otherCatalog(session.catalog()))
          .or(() -> otherRows(session.rows().counts()));
    }
  }

  private Optional<String> otherCatalog(Catalog found) {
    if (found.equals(head)) {
      return Optional.empty();
    }
    return Optional.of(
        "`alembic upgrade head`, called again, ends well, but "
            + (found.without(head).isEmpty()
                ? head.without(found).isEmpty()
                    ? "objects are defined otherwise than they should be"
                    : "the " + head.without(found).get(0).label() + " is missing"
                : "the " + found.without(head).get(0).label() + " should not be there")
            + ".");
  }

  private static Optional<String> leftOpen(DatabaseSession session) {
    return session.unfinished().stream()
        .filter(work -> work.kind() != Unfinished.Kind.CONSTRAINT_NOT_VALID)
        .map(Unfinished::sentence)
        .findFirst();
  }

  private Optional<String> otherRows(Map<String, Long> found) {
    return new TreeMap<>(rows)
        .entrySet().stream()
            .filter(wanted -> !wanted.getValue().equals(found.get(wanted.getKey())))
            .map(
                wanted ->
                    "`alembic upgrade head`, called again, ends well, but table "
                        + wanted.getKey()
                        + " has "
                        + found.getOrDefault(wanted.getKey(), 0L)
                        + " rows instead of "
                        + wanted.getValue()
                        + ".")
            .findFirst();
  }
}
