package dev.slipway.migrations;

import dev.slipway.SlipwayException;
import dev.slipway.migrations.alembic.Alembic;
import dev.slipway.migrations.alembic.Beginnings;
import dev.slipway.migrations.alembic.History;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.migrations.report.MigrationReport;
import dev.slipway.migrations.retry.KilledMigration;
import dev.slipway.migrations.retry.LostServer;
import dev.slipway.migrations.retry.Trials;
import dev.slipway.migrations.retry.TwoAtOnce;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.rule.Waiver;
import dev.slipway.migrations.walk.WalkOptions;
import dev.slipway.migrations.walk.WalkReport;
import dev.slipway.migrations.walk.WalkedRevision;
import dev.slipway.platform.Migrations;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The story of a check: the revisions are read, walked, and run the way production runs them; each
 * part is done once, when it is first asked for, and what all found is one report.
 */
public final class MigrationCheck implements AutoCloseable {

  private final Beginnings beginnings;
  private final Evidence evidence;
  private final Waivers waivers;
  private final Predicate<Revision> added;
  private final Consumer<String> progress;
  private final Set<Part> parts;
  private final Map<Part, List<MigrationFinding>> done = new EnumMap<>(Part.class);
  private final Set<Part> leftOut = EnumSet.noneOf(Part.class);
  private final List<MigrationFinding> elsewhere = new ArrayList<>();
  private final Map<String, String> unproved = new TreeMap<>();

  private MigrationCheck(
      Beginnings beginnings,
      Evidence evidence,
      Predicate<Revision> added,
      Consumer<String> progress,
      Set<Part> parts) {
    this.beginnings = beginnings;
    this.evidence = evidence;
    this.waivers = Waivers.of(beginnings.revisions());
    this.added = added;
    this.progress = progress;
    this.parts = parts;
  }

  /**
   * Reads the revisions, and sees whether env.py works.
   *
   * @param settings how the platform calls alembic, and what it accepts
   * @param scope which of the revisions are new and to be proved
   * @param progress told what a person would want to read meanwhile
   */
  public static MigrationCheck of(
      TestBed bed, Migrations settings, Scope scope, Consumer<String> progress) {
    return of(bed, settings, scope, progress, WalkOptions.FULL, EnumSet.allOf(Part.class));
  }

  /** The same, of which only the walk is done, and that without rows. */
  public static MigrationCheck ofSchema(
      TestBed bed, Migrations settings, Scope scope, Consumer<String> progress) {
    MigrationCheck check =
        of(bed, settings, scope, progress, WalkOptions.SCHEMA, EnumSet.of(Part.WALK));
    check.unproved.put(
        "all but the schema",
        "rows, locks, kills, one transaction for all and the models were left out.");
    return check;
  }

  private static MigrationCheck of(
      TestBed bed,
      Migrations settings,
      Scope scope,
      Consumer<String> progress,
      WalkOptions walk,
      Set<Part> parts) {
    Alembic alembic = new Alembic(bed, settings.command());
    Beginnings beginnings = Beginnings.of(alembic, scope::of);
    Evidence evidence = new Evidence(alembic, settings, beginnings, scope.added(), walk, progress);
    return new MigrationCheck(beginnings, evidence, scope.added(), progress, parts);
  }

  /** All revisions, as alembic reads them. */
  public History history() {
    return beginnings.history();
  }

  /** Whether there is exactly one head, without which nothing else can be asked. */
  public boolean hasOneHead() {
    return history().heads().size() == 1;
  }

  /** What is wrong with the history as a whole. */
  public List<MigrationFinding> heads() {
    return OneHead.findings(history());
  }

  /** What one part of the check finds wrong; nothing where there is not one head. */
  public List<MigrationFinding> findings(Part part) {
    List<MigrationFinding> known = done.get(part);
    if (known == null) {
      known = hasOneHead() ? find(part) : List.of();
      done.put(part, known);
    }
    return known;
  }

  private List<MigrationFinding> find(Part part) {
    if (part != Part.WALK && evidence.walk().head().isEmpty()) {
      return List.of();
    }
    return switch (part) {
      case WALK -> walkFindings();
      case ONE_TRANSACTION -> oneTransaction();
      case KILLED -> afterwards(part, this::deaths);
      case TWO_AT_ONCE -> afterwards(part, TwoAtOnce::findings);
      case LOCKS -> evidence.locks().judgement().findings();
      case DRIFT -> drift();
    };
  }

  private List<MigrationFinding> deaths(Trials trials) {
    List<MigrationFinding> killed = KilledMigration.findings(trials, unproved::put, progress);
    return killed.isEmpty() ? LostServer.finding(trials, unproved::put).stream().toList() : killed;
  }

  private List<MigrationFinding> oneTransaction() {
    List<MigrationFinding> findings = evidence.oneTransaction();
    evidence
        .dependingOnRows()
        .ifPresent(
            objects ->
                unproved.put(
                    "the schema that the revisions make",
                    "it is another where rows are stored than where none is: "
                        + objects
                        + ". If that is meant, nothing is wrong."));
    return findings;
  }

  /** A waiver that allows what ends the walk would allow whatever comes after it. */
  private List<MigrationFinding> walkFindings() {
    List<MigrationFinding> findings =
        evidence.walk().findings().stream().filter(this::counts).toList();
    if (evidence.walk().head().isPresent() || !waivers.cover(findings.get(findings.size() - 1))) {
      return findings;
    }
    List<MigrationFinding> all = new ArrayList<>(findings);
    all.add(NotChecked.behind(findings.get(findings.size() - 1)));
    return all;
  }

  /** A waiver in a revision that production has by now is still needed there. */
  private boolean counts(MigrationFinding finding) {
    return !evidence.walk().onlyIfNew().contains(finding)
        || waivers.cover(finding)
        || beginnings.revisions().stream()
            .anyMatch(known -> known.id().equals(finding.revision()) && added.test(known));
  }

  /**
   * Not where a run that goes well does not come to the same head. A waiver allows that, and not
   * what is left out for it.
   */
  private List<MigrationFinding> afterwards(
      Part part, Function<Trials, List<MigrationFinding>> question) {
    List<MigrationFinding> otherwise = findings(Part.ONE_TRANSACTION);
    if (!otherwise.stream().allMatch(waivers::cover)) {
      return leftOut(part);
    }
    Upgraded done = evidence.upgraded();
    if (!otherwise.isEmpty() && !evidence.comesToTheWalkedHead(done)) {
      leftOut(part);
      return List.of(NotChecked.besides(part.words(), otherwise.get(0)));
    }
    return done.aftermath()
        .map(aftermath -> question.apply(evidence.trials(aftermath)))
        .orElseGet(() -> List.of(NotChecked.of(part.words(), done.failure())));
  }

  /** Also where all at once fail, since the walk has shown another way to the head. */
  private List<MigrationFinding> drift() {
    boolean known =
        findings(Part.ONE_TRANSACTION).stream()
            .anyMatch(finding -> finding.rule() == Rule.ONE_TRANSACTION_FAILS);
    String failure = evidence.upgraded().failure();
    return failure.isEmpty() || known
        ? evidence.drift()
        : List.of(NotChecked.of(Part.DRIFT.words(), failure));
  }

  private List<MigrationFinding> leftOut(Part part) {
    leftOut.add(part);
    progress.accept(
        "Not checked, since one `alembic upgrade head` does not what the revisions do one at a"
            + " time: whether "
            + part.words());
    return List.of();
  }

  /** Takes into the report what was found about these revisions by other means. */
  public void report(List<MigrationFinding> found) {
    elsewhere.addAll(found);
  }

  /** Does what is to be done, and reports; where it is cut off, what it has found by then. */
  public MigrationReport run(LocalDate today) {
    for (Part part : parts) {
      try {
        findings(part);
      } catch (SlipwayException e) {
        if (done.isEmpty() || !Thread.interrupted()) {
          throw e;
        }
        report(List.of(NotChecked.cutOff(part.words())));
        break;
      }
    }
    return report(today);
  }

  /**
   * What was seen so far, with the waivers heard.
   *
   * @param today the day on which a waiver must still count
   */
  public MigrationReport report(LocalDate today) {
    List<MigrationFinding> findings = new ArrayList<>(heads());
    findings.addAll(waivers.unreadable());
    done.values().forEach(findings::addAll);
    findings.addAll(elsewhere);
    Optional<WalkReport> seen = evidence.walked();
    Map<String, String> doubts = new TreeMap<>(unproved);
    seen.map(WalkReport::unfilled).ifPresent(doubts::putAll);
    List<WalkedRevision> revisionsSeen = seen.map(WalkReport::revisions).orElse(List.of());
    return new MigrationReport(
        revisionsSeen,
        Judgement.of(
            findings,
            waivers.waivers(),
            judged(revisionsSeen),
            waiver -> dependsOnTheRows(waiver, revisionsSeen),
            today),
        doubts,
        evidence.measured());
  }

  /**
   * What was looked at of each revision, which is nothing of the kind where the head was not seen.
   */
  private Map<String, Set<Rule>> judged(List<WalkedRevision> seen) {
    Map<String, Set<Rule>> judged = new HashMap<>();
    if (done.size() < Part.values().length
        || evidence.walked().flatMap(WalkReport::head).isEmpty()) {
      return judged;
    }
    for (WalkedRevision found : seen) {
      boolean isNew = added.test(found.revision());
      judged.put(found.revision().id(), JudgedRules.of(isNew, leftOut));
    }
    return judged;
  }

  /** Whether it is for want of the right rows that nothing may have been found. */
  private static boolean dependsOnTheRows(Waiver waiver, List<WalkedRevision> seen) {
    return seen.stream()
        .filter(found -> found.revision().id().equals(waiver.revision()))
        .anyMatch(
            found ->
                switch (waiver.rule()) {
                  case ROWS_LOST -> found.mayLoseRows();
                  case DOWNGRADE_MISSING -> found.mayLackAWayBack();
                  default -> false;
                });
  }

  /** The findings that no waiver covers on that day. */
  public List<MigrationFinding> withoutWaived(List<MigrationFinding> findings, LocalDate today) {
    return Judgement.of(findings, waivers.waivers(), Map.of(), today).failing().stream()
        .filter(findings::contains)
        .distinct()
        .toList();
  }

  /** Whether some revision has knowingly no way back, or one that leaves something behind. */
  public boolean waivesTheWayBack() {
    return waivers.waivers().stream().anyMatch(waiver -> waiver.rule().isAboutTheWayBack());
  }

  /** Ends what was started to read the revisions and was not needed. */
  @Override
  public void close() {
    beginnings.close();
  }
}
