package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.plan.ContainerState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait until services that were replaced are well: by their health checks or, without one, by
 * running on for some seconds, since a program that cannot work takes a moment to end.
 */
final class Settling {

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration RUNNING_ON = Duration.ofSeconds(5);

  /** Some programs wait for others by ending, until those are there. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Set<String> services;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private final Map<String, Instant> begins = new HashMap<>();

  Settling(Set<String> services, Clock clock, Consumer<Duration> pause) {
    this.services = new TreeSet<>(services);
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Waits, three minutes at most; what runs on until then and has a health check that has not
   * decided is not called ill.
   *
   * @throws SlipwayException when one of them is not well then, or is seen to have failed before
   */
  void await(Supplier<Map<String, ContainerState>> look) {
    Instant began = clock.instant();
    Instant end = began.plus(LONGEST);
    Map<String, ContainerState> now = look.get();
    CrashWatch watch = new CrashWatch(services, now, clock);
    Optional<String> waiting = unsettled(now);
    while (waiting.isPresent()) {
      if (!clock.instant().isBefore(end)) {
        if (isUndecided(now.get(waiting.get()))) {
          return;
        }
        throw failed(waiting.get(), "was not well within " + LONGEST.toSeconds() + " s");
      }
      pause.accept(PAUSE);
      now = look.get();
      if (clock.instant().isAfter(began.plus(GRACE))) {
        watch.check(now);
      }
      waiting = unsettled(now);
    }
  }

  /** All of them are looked at, since the time of each counts from when it was seen to run. */
  private Optional<String> unsettled(Map<String, ContainerState> now) {
    Optional<String> unsettled = Optional.empty();
    for (String service : services) {
      if (!isSettled(service, now.get(service))) {
        unsettled = Optional.of(service);
      }
    }
    return unsettled;
  }

  private boolean isSettled(String service, @Nullable ContainerState container) {
    if (container == null) {
      return false;
    }
    boolean restarting = container.state().equals("restarting");
    container
        .illness()
        .filter(why -> !restarting && !container.state().equals("created"))
        .ifPresent(
            why -> {
              throw failed(service, why);
            });
    if (container.health().isPresent() || !container.well()) {
      return container.well() || container.done();
    }
    Instant now = clock.instant();
    Instant begin =
        begins.computeIfAbsent(container.id() + " " + container.restarts(), start -> now);
    return !now.isBefore(begin.plus(RUNNING_ON));
  }

  private static boolean isUndecided(@Nullable ContainerState container) {
    return container != null
        && container.state().equals("running")
        && container.health().filter("starting"::equals).isPresent();
  }

  private static SlipwayException failed(String service, String why) {
    return new SlipwayException(
        ExitCode.FAILED_OLD_VERSION_SERVING,
        "Service " + service + " " + why + ".",
        "Its last lines say why, below or by `slipway logs " + service + "`.");
  }
}
