package dev.slipway.health;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.effect.http.HttpAnswer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Waits until the platform answers healthy with the wanted version several times in a row, or the
 * budget ends.
 */
public final class HealthGate {

  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final String versionField;
  private final int successes;
  private final Duration budget;
  private final Clock clock;
  private final Consumer<Duration> pause;

  /**
   * A gate.
   *
   * @param versionField the JSON field that holds the version
   * @param successes how many good answers in a row open it
   * @param budget how long it may stay shut
   * @param clock tells the time
   * @param pause waits between two questions
   */
  public HealthGate(
      String versionField, int successes, Duration budget, Clock clock, Consumer<Duration> pause) {
    this.versionField = versionField;
    this.successes = successes;
    this.budget = budget;
    this.clock = clock;
    this.pause = pause;
  }

  /** Waits, telling {@code objections} each new reason why the gate is still shut. */
  public void pass(
      String place, Probe probe, Optional<String> version, Consumer<String> objections) {
    Instant end = clock.instant().plus(budget);
    int inRow = 0;
    String last = "";
    while (true) {
      Optional<String> objection = ask(probe, version);
      inRow = objection.isEmpty() ? inRow + 1 : 0;
      if (inRow >= successes) {
        return;
      }
      if (objection.isPresent() && !objection.get().equals(last)) {
        last = objection.get();
        objections.accept(last);
      }
      if (!clock.instant().isBefore(end)) {
        throw shut(place, last);
      }
      pause.accept(INTERVAL);
    }
  }

  private Optional<String> ask(Probe probe, Optional<String> version) {
    try {
      HttpAnswer answer = probe.ask();
      return new HealthAnswer(answer, versionField).objection(version);
    } catch (IOException e) {
      return Optional.of(
          "no answer: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private SlipwayException shut(String place, String last) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "The health gate stayed shut for "
            + budget.toSeconds()
            + " s, "
            + place
            + ": "
            + (last.isEmpty() ? "fewer than " + successes + " good answers in a row" : last)
            + ".",
        "Read the logs above; `slipway logs` shows more.");
  }
}
