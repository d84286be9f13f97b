package dev.slipway.migrations.alembic;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import java.util.List;

/** A bed that can do nothing; a test gives it what the case needs, and no more must be asked. */
public abstract class RefusingBed implements TestBed {

  @Override
  public Database nextDatabase() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void create(Database database) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Database copy(Database template) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CommandResult run(Database database, List<String> command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    throw new UnsupportedOperationException();
  }
}
