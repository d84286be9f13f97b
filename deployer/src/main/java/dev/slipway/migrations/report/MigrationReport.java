package dev.slipway.migrations.report;

import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.List;
import java.util.Map;

/**
 * What a check of migrations saw.
 *
 * @param revisions what each revision did
 * @param judgement what of the findings counts
 * @param unfilled tables that took no row, and revisions of which something could not be tried,
 *     with the reason
 * @param locks what users would wait for
 */
public record MigrationReport(
    List<WalkedRevision> revisions,
    Judgement judgement,
    Map<String, String> unfilled,
    LockReport locks) {

  /** Copies. */
  public MigrationReport {
    revisions = List.copyOf(revisions);
    unfilled = Map.copyOf(unfilled);
  }

  /** Whether nothing is wrong that is not allowed. */
  public boolean isGreen() {
    return judgement.failing().isEmpty();
  }
}
