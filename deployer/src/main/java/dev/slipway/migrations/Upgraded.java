package dev.slipway.migrations;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.UnexpectedVersion;
import dev.slipway.migrations.retry.Aftermath;
import java.util.Optional;

/**
 * What one {@code alembic upgrade head} made of a database.
 *
 * @param database which
 * @param aftermath what must come of a run that goes wrong; nothing where this one failed
 * @param failure alembic's last words then; empty where it did not
 */
record Upgraded(Database database, Optional<Aftermath> aftermath, String failure) {

  static Upgraded of(Alembic alembic, Database database) {
    CommandResult result = alembic.call(database, "upgrade", "head");
    return result.succeeded()
        ? new Upgraded(database, Optional.of(Aftermath.like(alembic, database)), "")
        : new Upgraded(database, Optional.empty(), UnexpectedVersion.lastWords(result));
  }
}
