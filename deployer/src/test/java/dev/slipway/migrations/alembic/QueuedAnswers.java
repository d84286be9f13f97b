package dev.slipway.migrations.alembic;

import dev.slipway.Json;
import dev.slipway.command.Conversation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A conversation in which what is said is answered at once. */
public abstract class QueuedAnswers implements Conversation {

  private final Deque<String> answers = new ArrayDeque<>();

  /** Adds an answer, as a line of JSON. */
  protected void answer(Object value) {
    answers.add(Json.line(value));
  }

  @Override
  public Optional<String> hear(Duration deadline) {
    return Optional.ofNullable(answers.poll());
  }

  @Override
  public boolean ended() {
    return false;
  }

  @Override
  public String lastWords() {
    return "";
  }

  @Override
  public void close() {}
}
