package dev.slipway.pipeline.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.command.CommandResult;
import org.junit.jupiter.api.Test;

class TestOutcomesTest {

  private static final String PASSES = "<testcase classname=\"tests.test_a\" name=\"%s\"/>";
  private static final String FAILS =
      "<testcase classname=\"tests.test_a\" name=\"%s\"><failure message=\"assert 500 == 201&#10; + where\">E</failure></testcase>";
  private static final String BREAKS =
      "<testcase classname=\"tests.test_a\" name=\"%s\"><error message=\"failed on setup\">E</error></testcase>";
  private static final String SKIPS =
      "<testcase classname=\"tests.test_a\" name=\"%s\"><skipped message=\"later\"/></testcase>";

  @Test
  void tellsWhatPassedWasSkippedAndFailedAndItsFirstLine() {
    TestOutcomes outcomes =
        outcomes(
            PASSES.formatted("test_p")
                + SKIPS.formatted("test_s")
                + FAILS.formatted("test_f[a-1]")
                + BREAKS.formatted("test_b"));

    assertThat(outcomes.passed()).containsExactly("tests.test_a::test_p");
    assertThat(outcomes.skipped()).containsExactly("tests.test_a::test_s");
    assertThat(outcomes.failed())
        .containsExactly(
            entry("tests.test_a::test_f[a-1]", "assert 500 == 201"),
            entry("tests.test_a::test_b", "failed on setup"));
  }

  @Test
  void countsATestAsFailedThatPassesAndIsNotTakenDown() {
    assertThat(outcomes(PASSES.formatted("test_p") + BREAKS.formatted("test_p")).passed())
        .isEmpty();
  }

  @Test
  void readsNothingWherePytestBrokeOff() {
    assertThat(TestOutcomes.of(new CommandResult(4, "", "ImportError while loading conftest")))
        .isEqualTo(outcomes(""));
  }

  @Test
  void losesWhatPassedAndNowFailsOrIsNotRun() {
    TestOutcomes before =
        outcomes(
            PASSES.formatted("test_fails")
                + PASSES.formatted("test_is_gone")
                + PASSES.formatted("test_is_skipped")
                + PASSES.formatted("test_passes")
                + FAILS.formatted("test_never_could"));
    TestOutcomes now =
        outcomes(
            FAILS.formatted("test_fails")
                + SKIPS.formatted("test_is_skipped")
                + PASSES.formatted("test_passes")
                + FAILS.formatted("test_never_could")
                + FAILS.formatted("test_is_new"));

    assertThat(now.lostSince(before))
        .containsExactly(
            entry("tests.test_a::test_fails", "assert 500 == 201"),
            entry("tests.test_a::test_is_gone", "it is not run at all"));
    assertThat(now.lostSince(now)).isEmpty();
  }

  private static TestOutcomes outcomes(String cases) {
    return TestOutcomes.of(
        new CommandResult(
            1,
            "1 failed in 0.1s",
            "a warning\n<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\"><testsuite>"
                + cases
                + "</testsuite></testsuites>\n"));
  }
}
