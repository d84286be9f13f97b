package dev.slipway.deploy.swap;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.effect.http.HttpAnswer;
import dev.slipway.health.HealthAnswer;
import dev.slipway.health.Probe;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sees whether the edge goes on reaching what stands behind it when it is turned to new containers:
 * they have shown that they are well, so there is nothing to wait for. Whether what it reaches is
 * well is for the health gate to say.
 */
public final class EdgeWatch {

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** On a slow server a few questions may take longer than that. */
  private static final int FEWEST = 5;

  private final Probe edge;
  private final String versionField;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private boolean reachedBefore;

  /**
   * A watch.
   *
   * @param edge asks it for the platform's health
   * @param versionField the field of an answer that holds the version
   * @param pause waits as long as it is told
   */
  public EdgeWatch(Probe edge, String versionField, Clock clock, Consumer<Duration> pause) {
    this.edge = edge;
    this.versionField = versionField;
    this.clock = clock;
    this.pause = pause;
  }

  /** Begins; an edge that reaches nobody even now may be what the release mends. */
  void begin() {
    reachedBefore = objection().isEmpty();
  }

  /**
   * Waits until it reaches somebody, which it should at once.
   *
   * @throws SlipwayException when it has reached nobody for some seconds, though it did before
   */
  void require() {
    Instant end = clock.instant().plus(LONGEST);
    int asked = 0;
    while (reachedBefore) {
      Optional<String> objection = objection();
      asked++;
      if (objection.isEmpty()) {
        return;
      }
      if (asked >= FEWEST && !clock.instant().isBefore(end)) {
        throw unreachable(objection.get());
      }
      pause.accept(PAUSE);
    }
  }

  private Optional<String> objection() {
    try {
      HttpAnswer answer = edge.ask();
      HealthAnswer judged = new HealthAnswer(answer, versionField);
      return judged.isOfAProxyAlone() ? judged.objection(Optional.empty()) : Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "no answer: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private static SlipwayException unreachable(String objection) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "The edge does not reach the new containers, which were well when they were asked themselves: "
            + objection
            + ".",
        "See in its configuration that it asks for services by their own names, such as backend, and"
            + " goes on to the next address when one refuses.");
  }
}
