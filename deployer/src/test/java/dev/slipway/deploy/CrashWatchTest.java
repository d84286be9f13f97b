package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.WaitingClock;
import dev.slipway.plan.ContainerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrashWatchTest {

  private final WaitingClock clock = new WaitingClock();
  private final Map<String, ContainerState> containers = new HashMap<>();

  private void has(String service, String id, int restarts) {
    containers.put(
        service,
        new ContainerState(
            id, "x", "sha256:x", "restarting", Optional.empty(), Map.of(), restarts, 0));
  }

  private CrashWatch watch() {
    return new CrashWatch(Set.of("backend", "frontend"), Map.copyOf(containers), clock);
  }

  @Test
  void endsAtTheThirdRestartSinceItBegan() {
    has("backend", "b", 7);
    CrashWatch watch = watch();

    has("backend", "b", 9);
    watch.check(containers);
    clock.accept(Duration.ofSeconds(9));
    has("backend", "b", 10);

    assertThatThrownBy(() -> watch.check(containers))
        .hasToString(
            "Service backend keeps crashing: restarted 3 times in 9 s.\n"
                + "Its last lines say why, below or by `slipway logs backend`.");
  }

  @Test
  void countsANewContainerFromItsCreation() {
    has("backend", "old", 7);
    CrashWatch watch = watch();
    has("backend", "new", 2);
    watch.check(containers);
    has("backend", "new", 4);

    assertThatThrownBy(() -> watch.check(containers))
        .hasMessage("Service backend keeps crashing: restarted 4 times in 0 s.");
  }

  @Test
  void leavesServicesThatAreNotTheReleasesAlone() {
    CrashWatch watch = watch();
    has("worker", "w", 100);

    assertThatCode(() -> watch.check(containers)).doesNotThrowAnyException();
  }
}
