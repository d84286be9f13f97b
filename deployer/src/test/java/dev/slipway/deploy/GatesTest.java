package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.SlipwayException;
import dev.slipway.WaitingClock;
import dev.slipway.health.HealthGate;
import dev.slipway.plan.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GatesTest {

  private final WaitingClock clock = new WaitingClock();
  private final Instant start = clock.instant();
  private final PretendServer server = new PretendServer("/opt/platform-v2");
  private final Gates gates =
      new Gates(
          server,
          DeploymentTest.platform(),
          new HealthGate("version", 3, Duration.ofSeconds(10), clock, clock),
          new DeploySettings(Optional.empty(), Optional.empty(), Duration.ofMinutes(5)),
          new DeployLog(line -> {}, new Redaction(List.of())),
          clock,
          clock);

  @AfterEach
  void stop() {
    server.close();
  }

  private static Optional<ContainerState> postgres(String health) {
    return Optional.of(
        new ContainerState(
            "id", "postgres:15", "sha256:postgres", "running", Optional.of(health), Map.of(), 0));
  }

  @Test
  void waitsUntilAServiceIsHealthy() {
    int[] looks = {0};

    gates.awaitHealthy("postgres", () -> postgres(looks[0]++ < 4 ? "starting" : "healthy"));

    assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void waitsThreeMinutesForAServiceHoweverLongALookTakes() {
    SlipwayException ended =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                gates.awaitHealthy(
                    "postgres",
                    () -> {
                      clock.accept(Duration.ofSeconds(20));
                      return postgres("starting");
                    }));

    assertThat(ended.what()).isEqualTo("Service postgres did not become healthy within 180 s.");
    assertThat(Duration.between(start, clock.instant()))
        .isBetween(Duration.ofSeconds(180), Duration.ofSeconds(201));
  }
}
