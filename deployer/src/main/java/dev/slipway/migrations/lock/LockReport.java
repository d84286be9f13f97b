package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.platform.Migrations;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of locks, and what to think of.
 *
 * @param revisions their locks
 * @param judgement which of them are held too long
 * @param unmeasured tables and revisions of which less is known, with the reason
 */
public record LockReport(
    List<RevisionLocks> revisions, LockJudgement judgement, Map<String, String> unmeasured) {

  /** Nothing was measured. */
  public static final LockReport NONE =
      new LockReport(List.of(), new LockJudgement(List.of(), List.of()), Map.of());

  /** Copies. */
  public LockReport {
    revisions = List.copyOf(revisions);
    unmeasured = Map.copyOf(unmeasured);
  }

  /** Of what was measured, by what a platform's tables hold. */
  public static LockReport of(LockMeasurement seen, Migrations settings) {
    LockLimits limits = LockLimits.of(settings, seen);
    return new LockReport(
        seen.revisions(),
        LockJudgement.of(seen.revisions(), seen.unreached(), limits),
        seen.unmeasured());
  }

  /** What would be a finding if the tables were large. */
  public List<MigrationFinding> advice() {
    return judgement.advice();
  }

  /** What was seen of one revision. */
  public Optional<RevisionLocks> locksOf(Revision revision) {
    return revisions.stream().filter(locks -> locks.revision().equals(revision)).findFirst();
  }

  /** The advice about one revision. */
  public List<MigrationFinding> adviceOn(Revision revision) {
    return advice().stream().filter(one -> one.revision().equals(revision.id())).toList();
  }
}
