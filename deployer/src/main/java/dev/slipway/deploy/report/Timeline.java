package dev.slipway.deploy.report;

import dev.slipway.deploy.log.DeployEvents;
import dev.slipway.plan.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Remembers a deployment's steps as they go. */
public final class Timeline implements DeployEvents {

  private static final String FAILED = "FAILED: ";

  private final Clock clock;
  private final Instant began;
  private final List<Entry> steps = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private Optional<String> failure = Optional.empty();
  private boolean open;

  /** A timeline that begins now. */
  public Timeline(Clock clock) {
    this.clock = clock;
    this.began = clock.instant();
  }

  /**
   * A step as it went.
   *
   * @param took absent when it did not end well
   * @param lines what it printed, secrets taken out
   */
  record Entry(
      int number,
      int of,
      String what,
      String cause,
      Instant began,
      Optional<Duration> took,
      List<String> lines) {}

  @Override
  public synchronized void stepStarted(int number, int of, Step step) {
    steps.add(
        new Entry(
            number,
            of,
            step.what(),
            step.cause(),
            clock.instant(),
            Optional.empty(),
            new ArrayList<>()));
    open = true;
  }

  @Override
  public synchronized void stepFinished(Duration took) {
    Entry last = steps.remove(steps.size() - 1);
    steps.add(
        new Entry(
            last.number(),
            last.of(),
            last.what(),
            last.cause(),
            last.began(),
            Optional.of(took),
            last.lines()));
    open = false;
  }

  @Override
  public synchronized void line(String redacted) {
    if (failure.isEmpty() && redacted.startsWith(FAILED)) {
      failure = Optional.of(redacted.substring(FAILED.length()));
    }
    (open ? steps.get(steps.size() - 1).lines() : remarks).add(redacted);
  }

  Instant began() {
    return began;
  }

  /** How long all took until now. */
  public Duration elapsed() {
    return Duration.between(began, clock.instant());
  }

  /** The first thing that went wrong. */
  public synchronized Optional<String> failure() {
    return failure;
  }

  synchronized List<Entry> steps() {
    return List.copyOf(steps);
  }

  /** What was said between the steps. */
  synchronized List<String> remarks() {
    return List.copyOf(remarks);
  }
}
