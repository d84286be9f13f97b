package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.plan.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlingTest {

  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private int looks;

  private static ContainerState worker(String state, String health, int restarts, int exitStatus) {
    return new ContainerState(
        "id",
        "worker:1",
        "w1",
        state,
        Optional.of(health).filter(word -> !word.isEmpty()),
        Map.of(),
        restarts,
        exitStatus);
  }

  /** Waits while one look after the other finds these, and the last of them from then on. */
  private Duration await(ContainerState... found) {
    new Settling(Set.of("worker"), clock, clock)
        .await(() -> Map.of("worker", found[Math.min(looks++, found.length - 1)]));
    return Duration.between(start, clock.instant());
  }

  @Test
  void waitsForAHealthCheckThatHasNotDecided() {
    assertThat(
            await(
                worker("running", "starting", 0, 0),
                worker("running", "starting", 0, 0),
                worker("running", "healthy", 0, 0)))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void waitsFiveSecondsForOneWithoutAHealthCheck() {
    assertThat(await(worker("running", "", 0, 0))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void waitsAnewForOneThatTheEngineHadToStartAgain() {
    assertThat(
            await(
                worker("running", "", 0, 0),
                worker("running", "", 0, 0),
                worker("restarting", "", 1, 1),
                worker("running", "", 1, 0)))
        .isEqualTo(Duration.ofMillis(6500));
  }

  @Test
  void waitsNotForOneThatHasDoneItsWork() {
    assertThat(await(worker("exited", "", 0, 0))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "exited, '', 0, 3, Service worker ended with exit status 3.",
    "dead, '', 0, 0, Service worker is dead.",
    "running, unhealthy, 0, 0, Service worker is unhealthy by its own health check.",
    "restarting, '', 3, 0, Service worker keeps crashing: restarted 3 times in",
    "restarting, '', 2, 0, Service worker was not well within 180 s.",
    "created, '', 0, 0, Service worker was not well within 180 s."
  })
  void endsWithWhatIsWrong(
      String state, String health, int restarts, int exitStatus, String message) {
    assertThatThrownBy(
            () -> await(worker("created", "", 0, 0), worker(state, health, restarts, exitStatus)))
        .isInstanceOf(SlipwayException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void callsNothingIllWhoseHealthCheckHasNotDecidedInThreeMinutes() {
    assertThat(await(worker("running", "starting", 0, 0))).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void letsAProgramEndUntilThatIsThereForWhichItWaits() {
    assertThat(
            await(
                worker("restarting", "", 1, 1),
                worker("restarting", "", 4, 1),
                worker("running", "", 4, 0)))
        .isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void waitsForOneThatHasNoContainer() {
    assertThatThrownBy(() -> new Settling(Set.of("worker"), clock, clock).await(Map::of))
        .hasMessageStartingWith("Service worker was not well within 180 s.");
  }
}
