package dev.slipway.migrations.alembic;

import dev.slipway.effect.postgres.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Revisions applied each in a transaction of its own. */
public final class OneAtATime {

  private static final Duration STEP = Duration.ofMinutes(1);

  private OneAtATime() {}

  /**
   * Applies them.
   *
   * @return the step that failed, if one did; none was taken after it
   */
  public static Optional<StepResult> apply(
      Alembic alembic, Database database, List<Revision> revisions) {
    try (Walker walker = Walker.start(alembic, database, STEP)) {
      return revisions.stream().map(walker::up).filter(step -> !step.done()).findFirst();
    }
  }
}
