package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.WaitingClock;
import dev.slipway.plan.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final WaitingClock clock = new WaitingClock();
  private final Step step = new Step.Checkout("4f2a91c0d1e2", "why not");

  private Heartbeat heartbeat(Heartbeat.Look look) {
    return new Heartbeat(new PrintStream(bytes, true, StandardCharsets.UTF_8), look, clock);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void runFor(Heartbeat heartbeat, int seconds) {
    heartbeat.stepStarted(3, 9, step);
    for (int i = 0; i < seconds; i++) {
      clock.accept(Duration.ofSeconds(1));
      heartbeat.beat();
    }
  }

  @Test
  void saysEvery15SecondsInALogThatAStepGoesOn() {
    try (Heartbeat heartbeat = heartbeat(Heartbeat.Look.PLAIN)) {
      runFor(heartbeat, 31);
    }

    assertThat(printed())
        .isEqualTo(
            """
                  still at it after 15 s: check out 4f2a91c0d1e2
                  still at it after 30 s: check out 4f2a91c0d1e2
            """);
  }

  @Test
  void isSilentInALogAboutAShortStepAndBetweenSteps() {
    try (Heartbeat heartbeat = heartbeat(Heartbeat.Look.PLAIN)) {
      runFor(heartbeat, 14);
      heartbeat.stepFinished(Duration.ofSeconds(14));
      clock.accept(Duration.ofHours(1));
      heartbeat.beat();
    }

    assertThat(printed()).isEmpty();
  }

  @Test
  void rewritesOneLineOnATerminalWithTheLastThatWasHeard() {
    try (Heartbeat heartbeat = heartbeat(Heartbeat.Look.TERMINAL)) {
      heartbeat.stepStarted(3, 9, step);
      heartbeat.line("      half of it");
      clock.accept(Duration.ofSeconds(2));
      heartbeat.beat();
      heartbeat.print("[3/9] done");
    }

    assertThat(printed())
        .isEqualTo(
            "\r\u001b[K[3/9] check out 4f2a91c0d1e2  2 s  half of it\r\u001b[K[3/9] done\n\r\u001b[K");
  }

  @Test
  void coloursOnlyWhereColoursAreWanted() {
    heartbeat(Heartbeat.Look.TERMINAL).print("FAILED: It.");
    assertThat(printed()).isEqualTo("\r\u001b[KFAILED: It.\n");
    bytes.reset();

    heartbeat(Heartbeat.Look.COLOURED).print("FAILED: It.");
    assertThat(printed()).isEqualTo("\r\u001b[K\u001b[31mFAILED: It.\u001b[0m\n");
    bytes.reset();

    heartbeat(Heartbeat.Look.PLAIN).print("FAILED: It.");
    assertThat(printed()).isEqualTo("FAILED: It.\n");
  }
}
