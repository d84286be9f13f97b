package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.walk.WalkedRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as lines for a console: one a revision, then what is wrong in full. */
public final class ReportText {

  private ReportText() {}

  /** The lines. */
  public static List<String> of(MigrationReport report) {
    List<String> lines = new ArrayList<>();
    for (WalkedRevision walked : report.revisions()) {
      lines.add(line(walked, report.judgement()));
    }
    report
        .unfilled()
        .forEach((table, reason) -> lines.add("Not proved, the rows of " + table + ": " + reason));
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
    String state =
        failing.isEmpty()
            ? waived ? "waived" : "ok"
            : failing.stream()
                .map(MigrationFinding::rule)
                .distinct()
                .map(Rule::id)
                .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "  %-50s up %5.0f ms, down %5.0f ms  %s",
        revision,
        walked.upgrade().millis(),
        walked.downgrade().millis(),
        state);
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
