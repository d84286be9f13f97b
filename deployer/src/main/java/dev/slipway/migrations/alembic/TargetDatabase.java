package dev.slipway.migrations.alembic;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import java.util.List;

/** A database as the target branch has it: every revision applied but those that are new. */
public final class TargetDatabase {

  private TargetDatabase() {}

  /**
   * A new one.
   *
   * @param added the revisions that the target branch does not have
   */
  public static Database of(Alembic alembic, History history, List<Revision> added) {
    Database database = alembic.bed().createDatabase();
    for (String head : history.headsWithout(added)) {
      CommandResult result = alembic.call(database, "upgrade", head);
      if (!result.succeeded()) {
        throw SlipwayException.refused(
            "`alembic upgrade "
                + head
                + "`, the head of what the target branch has, fails:\n"
                + UnexpectedVersion.lastWords(result),
            "Check all revisions, not only the new ones: the fault is an older one's.");
      }
    }
    return database;
  }
}
