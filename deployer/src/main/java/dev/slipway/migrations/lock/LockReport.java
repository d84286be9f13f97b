package dev.slipway.migrations.lock;

import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.Map;

/**
 * What was measured of locks, and what to think of.
 *
 * @param revisions their locks
 * @param advice what would be a finding if the tables were large
 * @param unmeasured tables and revisions of which less is known, with the reason
 */
public record LockReport(
    List<RevisionLocks> revisions, List<MigrationFinding> advice, Map<String, String> unmeasured) {

  /** Nothing was measured. */
  public static final LockReport NONE = new LockReport(List.of(), List.of(), Map.of());

  /** Copies. */
  public LockReport {
    revisions = List.copyOf(revisions);
    advice = List.copyOf(advice);
    unmeasured = Map.copyOf(unmeasured);
  }
}
