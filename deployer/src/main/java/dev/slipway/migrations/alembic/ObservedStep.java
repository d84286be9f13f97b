package dev.slipway.migrations.alembic;

import java.util.List;

/**
 * A step that was looked at from within.
 *
 * @param result what became of it
 * @param looks one before its first statement, and one after each
 */
public record ObservedStep(StepResult result, List<StatementLook> looks) {

  /** Copies. */
  public ObservedStep {
    looks = List.copyOf(looks);
  }

  /** The part of an answer that only an observed step has. */
  record Looks(List<StatementLook> looks) {
    Looks {
      looks = looks == null ? List.of() : List.copyOf(looks);
    }
  }
}
