package dev.slipway.migrations.rule;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What of the findings counts, after the waivers were heard.
 *
 * @param failing what makes the check red
 * @param waived what was found and is allowed, in each case with its waiver
 */
public record Judgement(List<MigrationFinding> failing, List<Waived> waived) {

  /** Copies. */
  public Judgement {
    failing = List.copyOf(failing);
    waived = List.copyOf(waived);
  }

  /**
   * A finding that is allowed.
   *
   * @param finding what was found
   * @param waiver who allows it, and why
   */
  public record Waived(MigrationFinding finding, Waiver waiver) {}

  /**
   * Hears the waivers, of which each is either needed or not.
   *
   * @see #of(List, List, Map, Predicate, LocalDate)
   */
  public static Judgement of(
      List<MigrationFinding> findings,
      List<Waiver> waivers,
      Map<String, Set<Rule>> judged,
      LocalDate today) {
    return of(findings, waivers, judged, waiver -> false, today);
  }

  /**
   * Hears the waivers.
   *
   * @param judged the rules that were looked at, by revision: of a revision that is named there, a
   *     waiver of another rule counts for nothing, and only there can one be unused
   * @param depends whether other rows than those there were may break what a waiver allows
   */
  public static Judgement of(
      List<MigrationFinding> findings,
      List<Waiver> waivers,
      Map<String, Set<Rule>> judged,
      Predicate<Waiver> depends,
      LocalDate today) {
    List<MigrationFinding> failing = new ArrayList<>();
    List<Waived> waived = new ArrayList<>();
    for (MigrationFinding finding : findings) {
      waivers.stream()
          .filter(waiver -> waiver.covers(finding) && !waiver.until().isBefore(today))
          .findFirst()
          .ifPresentOrElse(
              waiver -> waived.add(new Waived(finding, waiver)), () -> failing.add(finding));
    }
    for (Waiver waiver : waivers) {
      Set<Rule> rules = judged.get(waiver.revision());
      if (waiver.until().isBefore(today)) {
        if (rules == null || rules.contains(waiver.rule())) {
          failing.add(expired(waiver));
        }
      } else if (rules != null
          && rules.contains(waiver.rule())
          && !depends.test(waiver)
          && findings.stream().noneMatch(waiver::covers)) {
        failing.add(unused(waiver));
      }
    }
    return new Judgement(failing, waived);
  }

  private static MigrationFinding expired(Waiver waiver) {
    return about(
        waiver,
        Rule.WAIVER_EXPIRED,
        "ended on " + waiver.until(),
        "Mend the revision, or give the waiver a new last day and reason.");
  }

  private static MigrationFinding unused(Waiver waiver) {
    return about(
        waiver,
        Rule.WAIVER_UNUSED,
        "is not needed: nothing of the kind was found",
        "Take the comment out.");
  }

  private static MigrationFinding about(Waiver waiver, Rule rule, String what, String advice) {
    return new MigrationFinding(
        rule,
        waiver.revision(),
        "",
        "The waiver of "
            + waiver.rule()
            + " in line "
            + waiver.line()
            + " of revision "
            + waiver.revision()
            + " "
            + what
            + ". "
            + advice);
  }
}
