package dev.slipway.migrations.retry;

import dev.slipway.catalog.Catalog;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.effect.postgres.Unfinished;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import java.util.Optional;

/**
 * What one more {@code alembic upgrade head} makes of a database in which others went wrong: the
 * head, as if nothing had happened.
 *
 * @param alembic how it is called
 * @param head the catalog at the head
 */
record Aftermath(Alembic alembic, Catalog head) {

  /** What is wrong after it; nothing when it leads to the head. */
  Optional<String> of(Database database) {
    CommandResult again = alembic.call(database, "upgrade", "head");
    if (!again.succeeded()) {
      return Optional.of(
          "`alembic upgrade head`, called again, fails:\n" + UnexpectedVersion.lastWords(again));
    }
    try (DatabaseSession session = database.open()) {
      Catalog found = session.catalog();
      if (found.equals(head)) {
        return session.unfinished().stream()
            .filter(work -> work.kind() != Unfinished.Kind.CONSTRAINT_NOT_VALID)
            .map(Unfinished::sentence)
            .findFirst();
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
  }
}
