package dev.slipway.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

  private static final String COMMIT = "a".repeat(40);
  private static final Map<String, BuiltImage> IMAGES =
      Map.of("backend", new BuiltImage("sha256:1", COMMIT));
  private static final List<SuiteResult> SUITES =
      List.of(
          new SuiteResult("lint", "LintIT", 2, 0, 0, 10),
          new SuiteResult("health", "EndpointIT", 3, 1, 0, 20));

  private static Verdict verdict(boolean clean, boolean passed) {
    return new Verdict(
        COMMIT, clean, "", passed, IMAGES, Optional.of("rev1"), SUITES, Instant.EPOCH);
  }

  private static String refusal(Verdict verdict, String commit) {
    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> verdict.requireGreen(commit));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refused.what();
  }

  @Test
  void letsAGreenVerdictOfThisCommitPass() {
    assertThatCode(() -> verdict(true, true).requireGreen(COMMIT)).doesNotThrowAnyException();
  }

  @Test
  void refusesAnotherCommit() {
    assertThat(refusal(verdict(true, true), "b".repeat(40)))
        .isEqualTo("The verdict is about commit aaaaaaaaaaaa, not about bbbbbbbbbbbb.");
  }

  @Test
  void refusesAnUncommittedTree() {
    assertThat(refusal(verdict(false, true), COMMIT)).contains("uncommitted changes");
  }

  @Test
  void refusesARedOneAndNamesTheSuites() {
    assertThat(refusal(verdict(true, false), COMMIT))
        .isEqualTo("The verdict of commit aaaaaaaaaaaa is red: EndpointIT.");
  }

  @Test
  void refusesOneThatProvedNothing() {
    Verdict empty =
        new Verdict(COMMIT, true, "", true, Map.of(), Optional.empty(), List.of(), Instant.EPOCH);

    assertThat(refusal(empty, COMMIT)).contains("names no image or no suite");
  }

  @Test
  void survivesItsFile() {
    Verdict verdict = verdict(true, true);

    assertThat(Verdict.parse(Json.page(verdict), "verdict.json")).isEqualTo(verdict);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{}", "[]", "{\"images\":{},\"suites\":[]}"})
  void refusesAGarbledFile(String text) {
    assertThatThrownBy(() -> Verdict.parse(text, "verdict.json"))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith("The verdict verdict.json cannot be read: ");
  }

  @Test
  void refusesOneWithoutASuiteAndOneWithoutAnImage() {
    Verdict nothingRan =
        new Verdict(COMMIT, true, "", true, IMAGES, Optional.empty(), List.of(), Instant.EPOCH);
    Verdict nothingBuilt =
        new Verdict(COMMIT, true, "", true, Map.of(), Optional.empty(), SUITES, Instant.EPOCH);

    assertThat(refusal(nothingRan, COMMIT)).contains("names no image or no suite");
    assertThat(refusal(nothingBuilt, COMMIT)).contains("names no image or no suite");
  }

  @Test
  void refusesOneOfAnotherFolderOfTheSameCommit() {
    Verdict root = verdict(true, true);

    assertThatCode(() -> root.requireGreen(COMMIT, "")).doesNotThrowAnyException();
    assertThatThrownBy(() -> root.requireGreen(COMMIT, "shop"))
        .hasMessage("The verdict is about the repository's root, not about the folder shop.");
    assertThatThrownBy(() -> root.requireGreen("b".repeat(40), ""))
        .hasMessageStartingWith("The verdict is about commit aaaaaaaaaaaa");
  }
}
