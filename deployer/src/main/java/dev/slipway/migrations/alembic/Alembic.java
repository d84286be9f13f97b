package dev.slipway.migrations.alembic;

import dev.slipway.command.CommandResult;
import dev.slipway.effect.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/**
 * The platform's own alembic command, each call a process of its own.
 *
 * @param bed where it runs
 * @param command how the platform calls it, without a subcommand
 */
public record Alembic(TestBed bed, List<String> command) {

  /** Copies. */
  public Alembic {
    command = List.copyOf(command);
  }

  /** Calls it with a subcommand. */
  public CommandResult call(Database database, String... words) {
    List<String> call = new ArrayList<>(command);
    call.addAll(List.of(words));
    return bed.run(database, call);
  }
}
