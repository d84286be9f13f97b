package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.plan.ContainerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ends a wait for a service that keeps crashing: the engine would go on restarting it until the
 * budget is spent.
 */
final class CrashWatch {

  private static final int TOO_OFTEN = 3;

  private final Set<String> services;
  private final Clock clock;
  private final Instant began;
  private final Map<String, Integer> restartsBefore = new HashMap<>();

  /** A watch over some services that begins now, with their containers as they are now. */
  CrashWatch(Set<String> services, Map<String, ContainerState> containers, Clock clock) {
    this.services = new TreeSet<>(services);
    this.clock = clock;
    this.began = clock.instant();
    containers
        .values()
        .forEach(container -> restartsBefore.put(container.id(), container.restarts()));
  }

  /**
   * Looks at the containers as they are now.
   *
   * @throws SlipwayException when one of them was restarted too often since the watch began; one
   *     that was not there then is counted from its creation
   */
  void check(Map<String, ContainerState> containers) {
    for (String service : services) {
      ContainerState container = containers.get(service);
      if (container != null) {
        check(service, container.restarts() - restartsBefore.getOrDefault(container.id(), 0));
      }
    }
  }

  private void check(String service, int restarts) {
    if (restarts >= TOO_OFTEN) {
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "Service "
              + service
              + " keeps crashing: restarted "
              + restarts
              + " times in "
              + Duration.between(began, clock.instant()).toSeconds()
              + " s.",
          "Its last lines say why, below or by `slipway logs " + service + "`.");
    }
  }
}
