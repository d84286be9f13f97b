package dev.slipway.migrations.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.rule.RuleChapter;
import dev.slipway.migrations.walk.WalkedRevision;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * A report as one page for a browser, which needs neither network nor script.
 *
 * @param headline what is to be known first
 * @param facts what was counted and measured
 * @param remarks findings that no shown revision has
 * @param chapters the rules that were broken
 * @param unfilled tables whose rows are not proved
 */
record ReportPage(
    boolean green,
    String headline,
    List<Fact> facts,
    List<Remark> remarks,
    List<Chapter> chapters,
    List<Unfilled> unfilled,
    List<ShownRevision> revisions) {

  private static final Template TEMPLATE =
      Mustache.compiler()
          .strictSections(true)
          .withLoader(ReportPage::resource)
          .compile(resource("page.mustache"));

  /** A figure with its name. */
  record Fact(String name, String figure, String note) {}

  /** A table that took no row. */
  record Unfilled(String table, List<Prose> reason) {}

  /**
   * What a rule is about.
   *
   * @param failing how often it is broken
   * @param waived how often that is allowed
   */
  record Chapter(
      String rule, long failing, long waived, List<Prose> what, List<Prose> why, List<Prose> fix) {

    boolean isFailing() {
      return failing > 0;
    }

    boolean isWaived() {
      return waived > 0;
    }
  }

  /**
   * The page.
   *
   * @param history all revisions that were read
   */
  static String of(MigrationReport report, List<Revision> history) {
    List<WalkedRevision> walked = report.revisions();
    Map<String, String> anchors = new HashMap<>();
    walked.forEach(one -> anchors.put(one.revision().id(), "revision-" + (anchors.size() + 1)));
    Judgement judgement = report.judgement();
    List<Unfilled> unfilled = new ArrayList<>();
    new TreeMap<>(report.unfilled())
        .forEach((table, reason) -> unfilled.add(new Unfilled(table, Prose.of(reason))));
    return TEMPLATE.execute(
        new ReportPage(
            report.isGreen(),
            headline(judgement.failing().size()),
            facts(report, history.size()),
            Remark.of(judgement, id -> !anchors.containsKey(id)),
            chapters(judgement),
            unfilled,
            shown(report, anchors)));
  }

  boolean hasRemarks() {
    return !remarks.isEmpty();
  }

  boolean hasChapters() {
    return !chapters.isEmpty();
  }

  boolean hasUnfilled() {
    return !unfilled.isEmpty();
  }

  private static String headline(int failing) {
    return failing == 0 ? "Nothing is wrong" : count(failing, "finding");
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  private static List<ShownRevision> shown(MigrationReport report, Map<String, String> anchors) {
    List<WalkedRevision> walked = report.revisions();
    List<Rail> rails = Rail.of(walked.stream().map(WalkedRevision::revision).toList());
    double slowest =
        walked.stream()
            .flatMapToDouble(
                one -> DoubleStream.of(one.upgrade().millis(), one.downgrade().millis()))
            .max()
            .orElse(0);
    List<ShownRevision> shown = new ArrayList<>();
    for (WalkedRevision one : walked) {
      List<Remark> remarks = Remark.of(report.judgement(), one.revision().id()::equals);
      shown.add(
          ShownRevision.of(
              one, anchors, rails.get(shown.size()), remarks, report.locks(), slowest));
    }
    return shown;
  }

  private static List<Fact> facts(MigrationReport report, int known) {
    List<WalkedRevision> walked = report.revisions();
    return List.of(
        new Fact(
            "Revisions",
            String.valueOf(walked.size()),
            walked.size() == known ? "all there are" : "of " + known + " that there are"),
        new Fact("Upgrades", time(walked.stream().map(WalkedRevision::upgrade).toList()), "in sum"),
        new Fact(
            "Downgrades", time(walked.stream().map(WalkedRevision::downgrade).toList()), "in sum"),
        new Fact(
            "Waived", String.valueOf(report.judgement().waived().size()), "allowed for a while"),
        new Fact(
            "Not proved",
            String.valueOf(report.unfilled().size()),
            "tables without rows, revisions in part"));
  }

  private static String time(List<StepResult> steps) {
    return ShownStep.time(steps.stream().mapToDouble(StepResult::millis).sum());
  }

  private static List<Chapter> chapters(Judgement judgement) {
    List<MigrationFinding> waived =
        judgement.waived().stream().map(Judgement.Waived::finding).toList();
    Set<Rule> broken = EnumSet.noneOf(Rule.class);
    judgement.failing().forEach(finding -> broken.add(finding.rule()));
    waived.forEach(finding -> broken.add(finding.rule()));
    return broken.stream()
        .map(rule -> chapter(rule, of(rule, judgement.failing()), of(rule, waived)))
        .toList();
  }

  private static long of(Rule rule, List<MigrationFinding> findings) {
    return findings.stream().filter(finding -> finding.rule() == rule).count();
  }

  private static Chapter chapter(Rule rule, long failing, long waived) {
    RuleChapter chapter = RuleChapter.of(rule);
    return new Chapter(
        rule.id(),
        failing,
        waived,
        Prose.of(chapter.what()),
        Prose.of(chapter.why()),
        Prose.of(chapter.fix()));
  }

  private static Reader resource(String name) {
    return new InputStreamReader(
        Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name),
        StandardCharsets.UTF_8);
  }
}
