package dev.slipway.migrations.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaiverTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);
  private static final MigrationFinding LOSS =
      new MigrationFinding(Rule.ROWS_LOST, "0006", "customers", "rows are lost");

  @Test
  void namesRuleReasonAndLastDay() {
    assertThat(
            Waiver.parse(
                "0006", 3, "allow rows-lost because=nobody used it, see docs until=2026-12-31"))
        .isEqualTo(
            new Waiver(
                "0006", 3, Rule.ROWS_LOST, "nobody used it, see docs", LocalDate.of(2026, 12, 31)));
  }

  @Test
  void isRefusedWithoutReasonOrDay() {
    assertThatThrownBy(() -> Waiver.parse("0006", 3, "allow rows-lost until=2026-12-31"))
        .hasMessageContaining("a waiver names a rule, a reason and a last day");
    assertThatThrownBy(() -> Waiver.parse("0006", 3, "allow rows-lost because=x until=soon"))
        .hasMessageContaining("`until=soon` is no day");
  }

  @Test
  void isRefusedForARuleThatIsNone() {
    assertThatThrownBy(() -> Waiver.parse("0006", 3, "allow row-lost because=x until=2026-12-31"))
        .hasMessageContaining("there is no rule `row-lost`")
        .hasMessageContaining("rows-lost");
    assertThatThrownBy(
            () -> Waiver.parse("0006", 3, "allow waiver-unused because=x until=2026-12-31"))
        .hasMessageContaining("there is no rule `waiver-unused` that can be waived");
    assertThatThrownBy(
            () -> Waiver.parse("0006", 3, "allow not-checked because=x until=2026-12-31"))
        .hasMessageContaining("there is no rule `not-checked` that can be waived");
  }

  @Test
  void allowsWhatItNamesAndNothingElse() {
    MigrationFinding other = new MigrationFinding(Rule.ROWS_LOST, "0007", "orders", "more loss");

    Judgement judgement = judge(List.of(LOSS, other), until(TODAY));

    assertThat(judgement.failing()).containsExactly(other);
    assertThat(judgement.waived()).extracting(Judgement.Waived::finding).containsExactly(LOSS);
  }

  @Test
  void allowsWhatIsFoundOfNoRevision() {
    MigrationFinding whole = new MigrationFinding(Rule.ROWS_LOST, "", "", "of all revisions");

    Judgement judgement = judge(List.of(whole), until(TODAY));

    assertThat(judgement.failing()).isEmpty();
    assertThat(judgement.waived()).extracting(Judgement.Waived::finding).containsExactly(whole);
  }

  @Test
  void failsOnceItHasExpired() {
    assertThat(judge(List.of(LOSS), until(TODAY.minusDays(1))).failing())
        .extracting(MigrationFinding::rule)
        .containsExactly(Rule.ROWS_LOST, Rule.WAIVER_EXPIRED);
  }

  @Test
  void expiresOnlyWhereItsRuleIsStillJudged() {
    List<Waiver> waivers = List.of(until(TODAY.minusDays(1)));

    assertThat(
            Judgement.of(List.of(), waivers, Map.of("0006", Set.of(Rule.LEFT_BEHIND)), TODAY)
                .failing())
        .isEmpty();
    assertThat(Judgement.of(List.of(), waivers, Map.of(), TODAY).failing())
        .extracting(MigrationFinding::rule)
        .containsExactly(Rule.WAIVER_EXPIRED);
  }

  @Test
  void failsWhereItIsNotNeeded() {
    assertThat(judge(List.of(), until(TODAY)).failing())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .isEqualTo(
                        "The waiver of rows-lost in line 3 of revision 0006 is not needed: nothing"
                            + " of the kind was found. Take the comment out."));
  }

  @Test
  void isNotCalledNeedlessWhereNobodyLooked() {
    assertThat(Judgement.of(List.of(), List.of(until(TODAY)), Map.of(), TODAY).failing()).isEmpty();
  }

  private static Judgement judge(List<MigrationFinding> findings, Waiver waiver) {
    return Judgement.of(findings, List.of(waiver), Map.of("0006", Set.of(Rule.ROWS_LOST)), TODAY);
  }

  private static Waiver until(LocalDate day) {
    return new Waiver("0006", 3, Rule.ROWS_LOST, "nobody used it", day);
  }

  @Test
  void isNotCalledNeedlessOfARuleThatWasNotLookedAt() {
    assertThat(
            Judgement.of(
                    List.of(),
                    List.of(until(TODAY)),
                    Map.of("0006", Set.of(Rule.LEFT_BEHIND)),
                    TODAY)
                .failing())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"MULTIPLE_HEADS", "DRIFT", "NOT_CHECKED", "WAIVER_EXPIRED"})
  void isRefusedForWhatNobodyCanHaveAReasonFor(Rule rule) {
    assertThatThrownBy(
            () -> Waiver.parse("0006", 3, "allow " + rule + " because=x until=2026-12-31"))
        .hasMessageContaining("that can be waived");
  }

  @Test
  void allowsNoOtherRuleOfItsRevision() {
    MigrationFinding other = new MigrationFinding(Rule.LEFT_BEHIND, "0006", "customers", "left");

    assertThat(judge(List.of(other, LOSS), until(TODAY)).failing()).containsExactly(other);
  }
}
