package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.ObservedStep;
import dev.slipway.migrations.alembic.StatementLook;
import java.util.List;

/**
 * Tells when something that PostgreSQL's clock knows would have been, had nobody looked at the
 * step: the time of a look is none, since nobody looks in production.
 */
final class StepClock {

  private final List<StatementLook> looks;

  StepClock(ObservedStep step) {
    this.looks = step.looks();
  }

  /**
   * Milliseconds since the step began.
   *
   * @param moment in milliseconds of PostgreSQL's clock
   */
  double at(double moment) {
    StatementLook before = looks.get(0);
    if (moment <= before.asked()) {
      return Math.max(0, before.end() - (before.asked() - moment));
    }
    for (StatementLook next : looks.subList(1, looks.size())) {
      if (moment < next.asked()) {
        return between(before, next, moment);
      }
      before = next;
    }
    return before.end() + Math.max(0, moment - before.answered());
  }

  private static double between(StatementLook before, StatementLook next, double moment) {
    double passed = Math.max(0, moment - before.answered());
    double all = next.asked() - before.answered();
    return before.end() + (all > 0 ? (next.end() - before.end()) * passed / all : 0);
  }
}
