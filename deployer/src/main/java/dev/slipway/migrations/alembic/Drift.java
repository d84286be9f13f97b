package dev.slipway.migrations.alembic;

import java.util.List;

/**
 * How the models differ from the database, in alembic's own terms.
 *
 * @param compared whether env.py names models at all ({@code target_metadata})
 * @param differences such as {@code add_column orders.note}, in order
 * @param traceback where the comparison failed; empty when it did not
 */
public record Drift(boolean compared, List<String> differences, String traceback) {

  /** Copies. */
  public Drift {
    differences = differences == null ? List.of() : List.copyOf(differences);
    traceback = traceback == null ? "" : traceback;
  }
}
