package dev.slipway.health;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.effect.http.HttpAnswer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits until the platform answers healthy with the wanted version several times in a row, or the
 * budget ends.
 */
public final class HealthGate {

  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final String versionField;
  private final int successes;
  private final Duration budget;
  private final Duration interval;
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
    this(versionField, successes, budget, INTERVAL, clock, pause);
  }

  private HealthGate(
      String versionField,
      int successes,
      Duration budget,
      Duration interval,
      Clock clock,
      Consumer<Duration> pause) {
    this.versionField = versionField;
    this.successes = successes;
    this.budget = budget;
    this.interval = interval;
    this.clock = clock;
    this.pause = pause;
  }

  /** The same gate, with another time between two questions than half a second. */
  public HealthGate every(Duration time) {
    return new HealthGate(versionField, successes, budget, time, clock, pause);
  }

  /** A gate that one good answer opens, and that stays shut no longer than this. */
  public HealthGate within(Duration time) {
    return new HealthGate(versionField, 1, time, interval, clock, pause);
  }

  /**
   * A place at which the platform is asked.
   *
   * @param name where, as the end of a sentence: "asked on the server itself"
   * @param probe asks there
   * @param besides what speaks against the platform although the answer is good
   */
  public record Place(String name, Probe probe, Supplier<Optional<String>> besides) {

    /** A place whose answer alone counts. */
    public Place(String name, Probe probe) {
      this(name, probe, Optional::empty);
    }
  }

  private record Objection(String text, String place) {}

  /**
   * Waits until all places answer well in the same questions, telling {@code objections} each new
   * reason why the gate is still shut.
   *
   * @throws SlipwayException when the budget ends before they do
   */
  public void pass(List<Place> places, Optional<String> version, Consumer<String> objections) {
    Instant end = clock.instant().plus(budget);
    int inRow = 0;
    Objection last =
        new Objection("fewer than " + successes + " good answers in a row", places.get(0).name());
    while (true) {
      Optional<Objection> objection =
          places.stream().flatMap(place -> ask(place, version).stream()).findFirst();
      inRow = objection.isEmpty() ? inRow + 1 : 0;
      if (inRow >= successes) {
        return;
      }
      if (objection.isPresent() && !objection.get().equals(last)) {
        last = objection.get();
        objections.accept(last.text());
      }
      if (!clock.instant().isBefore(end)) {
        throw shut(last);
      }
      pause.accept(interval);
    }
  }

  private Optional<Objection> ask(Place place, Optional<String> version) {
    return objection(place.probe(), version)
        .or(place.besides())
        .map(text -> new Objection(text, place.name()));
  }

  private Optional<String> objection(Probe probe, Optional<String> version) {
    try {
      HttpAnswer answer = probe.ask();
      return new HealthAnswer(answer, versionField).objection(version);
    } catch (IOException e) {
      return Optional.of(
          "no answer: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private SlipwayException shut(Objection last) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "The health gate stayed shut for "
            + budget.toSeconds()
            + " s, "
            + last.place()
            + ": "
            + last.text()
            + ".",
        "Read the logs above; `slipway logs` shows more.");
  }
}
