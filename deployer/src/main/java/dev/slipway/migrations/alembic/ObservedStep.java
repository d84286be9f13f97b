package dev.slipway.migrations.alembic;

import java.util.List;

/**
 * A step that was looked at from within.
 *
 * @param result what became of it
 * @param looks one before its first statement, and one after each
 * @param commits whether env.py has a transaction for each revision, and not one for all
 */
public record ObservedStep(StepResult result, List<StatementLook> looks, boolean commits) {

  /** Copies. */
  public ObservedStep {
    looks = List.copyOf(looks);
  }

  /** The part of an answer that only an observed step needs. */
  record Looks(List<StatementLook> looks, boolean commits) {

    static final Looks NONE = new Looks(List.of(), true);

    Looks {
      looks = looks == null ? List.of() : List.copyOf(looks);
    }
  }
}
