package dev.slipway.migrations.report;

import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A finding as a page shows it.
 *
 * @param rule the broken rule's name
 * @param revision whose it is; empty when it is no single one's
 * @param message what is wrong, where, and what to do
 * @param waived whether it is allowed
 * @param because why it is allowed
 * @param until the last day on which it is
 */
record Remark(
    String rule,
    String revision,
    List<Prose> message,
    boolean waived,
    String because,
    String until) {

  /** The findings of some revisions, those that count first. */
  static List<Remark> of(Judgement judgement, Predicate<String> revisions) {
    return Stream.concat(
            judgement.failing().stream()
                .filter(finding -> revisions.test(finding.revision()))
                .map(Remark::of),
            judgement.waived().stream()
                .filter(known -> revisions.test(known.finding().revision()))
                .map(Remark::of))
        .toList();
  }

  private static Remark of(MigrationFinding finding) {
    return new Remark(
        finding.rule().id(), finding.revision(), Prose.of(finding.message()), false, "", "");
  }

  private static Remark of(Judgement.Waived known) {
    MigrationFinding finding = known.finding();
    return new Remark(
        finding.rule().id(),
        finding.revision(),
        Prose.of(finding.message()),
        true,
        known.waiver().because(),
        known.waiver().until().toString());
  }
}
