package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.WaitingClock;
import dev.slipway.plan.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepDisplayTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final WaitingClock clock = new WaitingClock();
  private final Step step = new Step.Checkout("4f2a91c0d1e2", "why not");

  private StepDisplay display(StepDisplay.Look look) {
    return new StepDisplay(new PrintStream(bytes, true, StandardCharsets.UTF_8), look, 80, clock);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void runFor(StepDisplay display, int seconds) {
    display.stepStarted(3, 9, step);
    for (int i = 0; i < seconds; i++) {
      clock.accept(Duration.ofSeconds(1));
      display.beat();
    }
  }

  @Test
  void saysEvery15SecondsInALogThatAStepGoesOn() {
    try (StepDisplay display = display(StepDisplay.Look.PLAIN)) {
      runFor(display, 31);
    }

    assertThat(printed())
        .isEqualTo(
            """
                  still at it after 15 s: check out 4f2a91c0d1e2
                  still at it after 30 s: check out 4f2a91c0d1e2
            """);
  }

  @Test
  void saysInALogHowFarAStepSaidThatItIs() {
    try (StepDisplay display = display(StepDisplay.Look.PLAIN)) {
      display.stepStarted(3, 9, step);
      display.progress("3.0 of 4.0 MB have come");
      clock.accept(Duration.ofSeconds(15));
      display.beat();
      display.stepStarted(4, 9, step);
      clock.accept(Duration.ofSeconds(15));
      display.beat();
    }

    assertThat(printed())
        .isEqualTo(
            """
                  still at it after 15 s: check out 4f2a91c0d1e2, 3.0 of 4.0 MB have come
                  still at it after 15 s: check out 4f2a91c0d1e2
            """);
  }

  @Test
  void isSilentInALogAboutAShortStepAndBetweenSteps() {
    try (StepDisplay display = display(StepDisplay.Look.PLAIN)) {
      runFor(display, 14);
      display.stepFinished(Duration.ofSeconds(14));
      clock.accept(Duration.ofHours(1));
      display.beat();
    }

    assertThat(printed()).isEmpty();
  }

  @Test
  void rewritesOneLineOnATerminalWithTheLastThatWasHeard() {
    try (StepDisplay display = display(StepDisplay.Look.TERMINAL)) {
      display.stepStarted(3, 9, step);
      display.line("      half of it");
      clock.accept(Duration.ofSeconds(2));
      display.beat();
      display.print("[3/9] done");
    }

    assertThat(printed())
        .isEqualTo(
            "\r\u001b[K[3/9] check out 4f2a91c0d1e2  2 s  half of it\r\u001b[K[3/9] done\n\r\u001b[K");
  }

  @Test
  void keepsToOneRowOfTheTerminal() {
    try (StepDisplay display = display(StepDisplay.Look.TERMINAL)) {
      display.stepStarted(3, 9, step);
      display.line("a".repeat(200));
      display.beat();
    }

    assertThat(printed().split("\r\u001b\\[K", -1)[1]).hasSize(79);
  }

  @Test
  void coloursOnlyWhereColoursAreWanted() {
    display(StepDisplay.Look.TERMINAL).print("FAILED: It.");
    assertThat(printed()).isEqualTo("\r\u001b[KFAILED: It.\n");
    bytes.reset();

    display(StepDisplay.Look.COLOURED).print("FAILED: It.");
    assertThat(printed()).isEqualTo("\r\u001b[K\u001b[31mFAILED: It.\u001b[0m\n");
    bytes.reset();

    display(StepDisplay.Look.PLAIN).print("FAILED: It.");
    assertThat(printed()).isEqualTo("FAILED: It.\n");
  }
}
