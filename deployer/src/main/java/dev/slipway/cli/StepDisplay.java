package dev.slipway.cli;

import dev.slipway.DaemonThreads;
import dev.slipway.deploy.log.DeployEvents;
import dev.slipway.plan.Step;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows that a step goes on: on a terminal in one line that is rewritten, elsewhere in a plain line
 * every so often.
 */
final class StepDisplay implements DeployEvents, AutoCloseable {

  private static final Duration EVERY = Duration.ofSeconds(15);
  private static final String ERASE = "\r\u001b[K";
  private static final String RED = "\u001b[31m";
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN_AGAIN = "\u001b[0m";

  private final PrintStream out;
  private final Look look;
  private final int columns;
  private final Clock clock;
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("display"));
  private Optional<Running> running = Optional.empty();
  private String heard = "";
  private String far = "";

  /** Where the lines go. */
  enum Look {
    /** A file or a CI job's log. */
    PLAIN,
    /** A terminal whose owner wants no colours. */
    TERMINAL,
    /** A terminal. */
    COLOURED;

    /** A line so as it looks there. */
    String of(String line) {
      return this == COLOURED && line.startsWith("FAILED: ") ? RED + line + PLAIN_AGAIN : line;
    }
  }

  private record Running(int number, int of, String what, Instant began, Instant told) {}

  StepDisplay(PrintStream out, Look look, int columns, Clock clock) {
    this.out = out;
    this.look = look;
    this.columns = columns;
    this.clock = clock;
  }

  /** Begins to beat. */
  void start() {
    Future<?> unused = beats.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
  }

  /** Prints a line that stays. */
  synchronized void print(String line) {
    if (look == Look.PLAIN) {
      out.println(line);
      return;
    }
    out.println(ERASE + look.of(line));
    out.flush();
  }

  @Override
  public synchronized void stepStarted(int number, int of, Step step) {
    running = Optional.of(new Running(number, of, step.what(), clock.instant(), clock.instant()));
    heard = "";
    far = "";
  }

  @Override
  public synchronized void stepFinished(Duration took) {
    running = Optional.empty();
  }

  @Override
  public synchronized void line(String redacted) {
    heard = redacted.strip();
  }

  @Override
  public synchronized void progress(String redacted) {
    far = redacted;
    heard = redacted;
  }

  /** Says what goes on, if it is time to. */
  synchronized void beat() {
    running.ifPresent(this::beat);
  }

  private void beat(Running step) {
    long seconds = Duration.between(step.began(), clock.instant()).toSeconds();
    if (look != Look.PLAIN) {
      String line =
          "["
              + step.number()
              + "/"
              + step.of()
              + "] "
              + step.what()
              + "  "
              + seconds
              + " s  "
              + heard;
      String brief = line.substring(0, Math.min(columns - 1, line.length())).stripTrailing();
      out.print(ERASE + (look == Look.COLOURED ? FAINT + brief + PLAIN_AGAIN : brief));
      out.flush();
    } else if (!clock.instant().isBefore(step.told().plus(EVERY))) {
      out.println(
          "      still at it after "
              + seconds
              + " s: "
              + step.what()
              + (far.isEmpty() ? "" : ", " + far));
      running =
          Optional.of(
              new Running(step.number(), step.of(), step.what(), step.began(), clock.instant()));
    }
  }

  @Override
  public synchronized void close() {
    beats.shutdownNow();
    running = Optional.empty();
    if (look != Look.PLAIN) {
      out.print(ERASE);
      out.flush();
    }
  }
}
