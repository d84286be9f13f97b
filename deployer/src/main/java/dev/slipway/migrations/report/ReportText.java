package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.lock.Felt;
import dev.slipway.migrations.lock.LockWords;
import dev.slipway.migrations.lock.RevisionLocks;
import dev.slipway.migrations.lock.Timeline;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A report as lines for a console: one a revision, then what is wrong in full. */
public final class ReportText {

  private ReportText() {}

  /**
   * The lines.
   *
   * @param details whether what was measured of each new revision's locks is told as well
   */
  public static List<String> of(MigrationReport report, boolean details) {
    List<String> lines = new ArrayList<>();
    for (WalkedRevision walked : report.revisions()) {
      Optional<RevisionLocks> locks = report.locks().locksOf(walked.revision());
      lines.add(line(walked, report.judgement()) + locks.map(ReportText::felt).orElse(""));
      if (details) {
        locks.ifPresent(known -> lines.addAll(details(known)));
      }
    }
    report.unfilled().forEach((what, reason) -> lines.add("Not proved of " + what + ": " + reason));
    report
        .locks()
        .unmeasured()
        .forEach(
            (what, reason) ->
                lines.add("Locks are measured in part only: " + what + ": " + reason));
    for (MigrationFinding advice : report.locks().advice()) {
      lines.add("Advice [" + advice.rule() + "] " + advice.message());
    }
    for (Judgement.Waived waived : report.judgement().waived()) {
      lines.add("");
      lines.add(
          "Waived until %s, because %s: [%s] %s"
              .formatted(
                  waived.waiver().until(),
                  waived.waiver().because(),
                  waived.finding().rule(),
                  waived.finding().message()));
    }
    for (MigrationFinding finding : report.judgement().failing()) {
      lines.add("");
      lines.add("[" + finding.rule() + "] " + finding.message());
    }
    lines.add("");
    lines.add(summary(report));
    return lines;
  }

  private static String line(WalkedRevision walked, Judgement judgement) {
    Revision revision = walked.revision();
    List<MigrationFinding> failing =
        judgement.failing().stream()
            .filter(finding -> finding.revision().equals(revision.id()))
            .toList();
    boolean waived =
        judgement.waived().stream()
            .anyMatch(known -> known.finding().revision().equals(revision.id()));
    String state = failing.isEmpty() ? waived ? "waived" : "ok" : worst(failing);
    return String.format(
        Locale.ROOT,
        "  %-50s up %5.0f ms, down %5.0f ms  %s",
        revision,
        walked.upgrade().millis(),
        walked.downgrade().millis(),
        state);
  }

  /** The one that comes first among the rules, and how many others there are. */
  private static String worst(List<MigrationFinding> failing) {
    List<Rule> rules = failing.stream().map(MigrationFinding::rule).distinct().sorted().toList();
    return rules.get(0) + (rules.size() == 1 ? "" : " and " + (rules.size() - 1) + " more");
  }

  private static String felt(RevisionLocks locks) {
    return locks.timeline().felt().stream()
        .max(Comparator.comparingDouble(Felt::millis))
        .map(felt -> "; " + LockWords.brief(felt))
        .orElse("");
  }

  private static List<String> details(RevisionLocks locks) {
    List<String> lines = new ArrayList<>();
    Timeline timeline = locks.timeline();
    timeline.holds().forEach(hold -> lines.add("      " + LockWords.told(hold)));
    timeline.felt().forEach(felt -> lines.add("      Felt: " + LockWords.told(felt) + "."));
    timeline.scans().forEach(scan -> lines.add("      " + LockWords.told(scan)));
    return lines;
  }

  private static String summary(MigrationReport report) {
    int failing = report.judgement().failing().size();
    return (failing == 0
            ? "Nothing is wrong with "
            : failing + (failing == 1 ? " finding in " : " findings in "))
        + report.revisions().size()
        + (report.revisions().size() == 1 ? " revision" : " revisions")
        + (failing == 0
            ? "."
            : "; docs/migration-rules.md says of each rule why, and how to waive it.");
  }
}
