package dev.slipway.deploy.status;

import dev.slipway.deploy.swap.Instance;
import dev.slipway.ledger.Footprint;
import dev.slipway.plan.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A service's container as somebody who asks for the status sees it.
 *
 * @param image the image name that it was created from
 * @param imageId the id of the image that it runs
 * @param configuration compose's own hash of its configuration, empty without one
 * @param settings a hash of what the engine was told of it, but for the name of its image
 * @param state the engine's word, such as {@code running}
 * @param health the engine's word on its health check; absent without a health check
 * @param startedAt when it was started last; absent when it never was
 * @param restarts how often the engine has started it again by itself
 */
public record Sighting(
    String image,
    String imageId,
    String configuration,
    String settings,
    String state,
    Optional<String> health,
    Optional<Instant> startedAt,
    int restarts) {

  private static final int BRIEF_ID = 12;

  /** What the engine tells of a container. */
  public static Sighting of(Instance found) {
    ContainerState state = found.asState();
    return new Sighting(
        state.image(),
        found.image(),
        found.configuration(),
        found.settings(),
        found.state(),
        state.health(),
        found.startedAt(),
        state.restarts());
  }

  /** Whether it runs; one that restarts does not. */
  public boolean running() {
    return state.equals("running");
  }

  /** What a run leaves of it. */
  public Footprint footprint() {
    return new Footprint(imageId, configuration, settings, running());
  }

  /** One line for people, without the service's name. */
  String describe(Instant now) {
    String since =
        startedAt
            .filter(start -> running())
            .map(start -> "up " + brief(Duration.between(start, now)))
            .orElse("");
    String again = restarts == 0 ? "" : "restarted " + restarts + " times";
    return String.format(
            Locale.ROOT,
            "%-10s %-10s %s (%s)  %s",
            running() ? health.orElse(state) : state,
            since,
            image,
            brief(imageId),
            again)
        .stripTrailing();
  }

  /** An image id as people compare it. */
  static String brief(String imageId) {
    String hex = imageId.substring(imageId.indexOf(':') + 1);
    return hex.substring(0, Math.min(BRIEF_ID, hex.length()));
  }

  private static String brief(Duration duration) {
    if (duration.toDays() > 1) {
      return duration.toDays() + " d";
    }
    if (duration.toHours() > 1) {
      return duration.toHours() + " h";
    }
    return duration.toMinutes() > 1
        ? duration.toMinutes() + " min"
        : Math.max(0, duration.toSeconds()) + " s";
  }
}
