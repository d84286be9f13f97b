package dev.slipway.migrations.alembic;

import java.util.List;

/**
 * A step that was looked at from within.
 *
 * @param result what became of it
 * @param looks one before its first statement, and one after each
 * @param blind the numbers, from 1, of statements of whose locks nothing is known
 * @param commits whether env.py has a transaction for each revision, and not one for all
 */
public record ObservedStep(
    StepResult result, List<StatementLook> looks, List<Integer> blind, boolean commits) {

  /** Copies. */
  public ObservedStep {
    looks = List.copyOf(looks);
    blind = List.copyOf(blind);
  }

  /** The part of an answer that only an observed step needs. */
  record Looks(List<StatementLook> looks, List<Integer> blind, boolean commits) {

    static final Looks NONE = new Looks(List.of(), List.of(), true);

    Looks {
      looks = looks == null ? List.of() : List.copyOf(looks);
      blind = blind == null ? List.of() : List.copyOf(blind);
    }
  }
}
