package dev.slipway.migrations.alembic;

import java.util.Optional;

/**
 * A step, and what could be seen when it was committed.
 *
 * @param result what became of it
 * @param seen the answer to the question that went with it; nothing where alembic's own connection
 *     does not see what another one would
 */
public record SeenStep(StepResult result, Optional<String> seen) {

  /** The part of an answer that only a step with a question has. */
  record Answer(Optional<String> seen, boolean skipped) {
    Answer {
      seen = seen == null ? Optional.empty() : seen;
    }
  }
}
