package dev.slipway.deploy.database;

import dev.slipway.Json;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.deploy.log.DeployLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Hears what a watched migration prints and what its statements do, and tells of those that take
 * long.
 */
final class MigrationWatch implements Consumer<String> {

  private static final long RUNS_LONG_SECONDS = 10;
  private static final long WAITS_LONG_SECONDS = 2;

  /** SQLSTATE 55P03, as PostgreSQL and the drivers word it. */
  private static final Pattern LOCK_TIMEOUT =
      Pattern.compile("due to lock timeout|LockNotAvailable|\\b55P03\\b");

  private final DeployLog log;
  private final Map<Long, Long> told = new HashMap<>();
  private Optional<Activity> lastWait = Optional.empty();
  private Optional<Activity> endedWait = Optional.empty();
  private boolean timedOut;

  MigrationWatch(DeployLog log) {
    this.log = log;
  }

  @Override
  public void accept(String line) {
    if (line.startsWith(DatabaseCommands.ACTIVITY)) {
      look(Json.read(line.substring(DatabaseCommands.ACTIVITY.length()), Activity.class));
    } else if (line.equals(DatabaseCommands.UNWATCHED)) {
      log.output(
          "Nobody looks after the migration's locks any more; the lines above say why. It goes on.");
    } else {
      timedOut |= LOCK_TIMEOUT.matcher(line).find();
      log.output(line);
    }
  }

  private void look(Activity activity) {
    if (activity.waited().isPresent()) {
      lastWait = Optional.of(activity);
    }
    if (activity.ended()) {
      endedWait = Optional.of(activity);
      return;
    }
    long seconds = activity.waited().orElse(activity.seconds());
    long last = told.getOrDefault(activity.pid(), Long.MAX_VALUE);
    long first = activity.waited().isPresent() ? WAITS_LONG_SECONDS : RUNS_LONG_SECONDS;
    // Less than last time: another statement, or another wait.
    long due = seconds < last ? first : last + RUNS_LONG_SECONDS;
    if (seconds >= due) {
      told.put(activity.pid(), seconds);
      tell(activity);
    }
  }

  private void tell(Activity activity) {
    String text =
        activity.waited().isPresent()
            ? "waits for " + activity.waited().get() + " s" + waitsFor(activity)
            : "runs for " + activity.seconds() + " s";
    log.output(
        text
            + activity.index().map(build -> " (" + build + ")").orElse("")
            + ": "
            + activity.brief());
  }

  private static String waitsFor(Activity activity) {
    return activity.lock().map(lock -> " for " + lock).orElse("")
        + activity.blocker().map(blocker -> ", which has " + blocker + ";").orElse("");
  }

  /**
   * Why the migration may be tried again, as the end of a sentence: it waited too long for a lock.
   */
  Optional<String> waitedTooLong() {
    if (endedWait.isEmpty() && !timedOut) {
      return Optional.empty();
    }
    return Optional.of(
        endedWait
            .or(() -> lastWait)
            .map(
                activity ->
                    activity.lock().orElse("a lock")
                        + activity.blocker().map(blocker -> ", which has " + blocker).orElse(""))
            .orElse("a lock"));
  }
}
