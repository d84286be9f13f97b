package dev.slipway.migrations.walk;

import dev.slipway.catalog.Catalog;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a walk saw.
 *
 * @param revisions what each revision did, as far as the walk came
 * @param findings everything that is wrong
 * @param head the catalog with all of them applied; empty when the walk did not come so far
 * @param unfilled tables that took no row, and revisions that could not be judged by the rows there
 *     were, with the reason
 * @param onlyIfNew those of the findings that requests have long met where production has the
 *     revision
 */
public record WalkReport(
    List<WalkedRevision> revisions,
    List<MigrationFinding> findings,
    Optional<Catalog> head,
    Map<String, String> unfilled,
    Set<MigrationFinding> onlyIfNew) {

  /** Copies. */
  public WalkReport {
    revisions = List.copyOf(revisions);
    findings = List.copyOf(findings);
    unfilled = Map.copyOf(unfilled);
    onlyIfNew = Set.copyOf(onlyIfNew);
  }
}
