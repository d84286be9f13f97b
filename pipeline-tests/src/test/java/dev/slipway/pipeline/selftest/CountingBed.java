package dev.slipway.pipeline.selftest;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.migrations.alembic.TestBed;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A test bed that knows how often a program was started to talk to.
 *
 * @param bed the one that does all the work
 * @param conversations how many there were
 */
record CountingBed(TestBed bed, AtomicInteger conversations) implements TestBed {

  CountingBed(TestBed bed) {
    this(bed, new AtomicInteger());
  }

  @Override
  public Database nextDatabase() {
    return bed.nextDatabase();
  }

  @Override
  public void create(Database database) {
    bed.create(database);
  }

  @Override
  public Database copy(Database template) {
    return bed.copy(template);
  }

  @Override
  public CommandResult run(Database database, List<String> command) {
    return bed.run(database, command);
  }

  @Override
  public Conversation converse(Database database, List<String> command) {
    conversations.incrementAndGet();
    return bed.converse(database, command);
  }
}
