package dev.slipway.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person wants to read of a build: each step that takes more than a few seconds, with the
 * last that it said; steps from the cache stay quiet.
 */
final class BuildProgress implements Consumer<String>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("slipway");
  private static final int SECONDS_BETWEEN = 5;
  private static final int WIDTH = 100;

  /** The number of the step of a classic build, which has one at a time and gives it none. */
  private static final String ONLY = "";

  private static final Pattern CLASSIC_STEP = Pattern.compile("Step \\d+/\\d+ : .+");
  private static final Pattern LINE = Pattern.compile("#(?<number>\\d+) (?<text>.+)");
  private static final Pattern END = Pattern.compile("(?:CACHED|DONE|ERROR|CANCELED)\\b.*");

  private final String name;
  private final Consumer<String> tell;
  private final Executor later;
  private final Map<String, Step> running = new HashMap<>();

  private static final class Step {
    private final String title;
    private String said = "";
    private String told = "";

    private Step(String title) {
      this.title = title;
    }

    private String text() {
      return said.isEmpty() ? brief(title) : brief(title) + ": " + brief(said);
    }
  }

  /**
   * The progress of one build.
   *
   * @param name what is built
   * @param tell is told a line
   * @param later runs a task a few seconds later
   */
  BuildProgress(String name, Consumer<String> tell, Executor later) {
    this.name = name;
    this.tell = tell;
    this.later = later;
  }

  /** Progress that goes to the log, each line of the build only where diagnostics are shown. */
  static BuildProgress of(String name) {
    return new BuildProgress(
        name, LOG::info, CompletableFuture.delayedExecutor(SECONDS_BETWEEN, TimeUnit.SECONDS));
  }

  @Override
  public synchronized void accept(String line) {
    LOG.debug("{}: {}", name, line);
    if (CLASSIC_STEP.matcher(line).matches()) {
      begin(ONLY, line);
      return;
    }
    Matcher numbered = LINE.matcher(line);
    if (numbered.matches()) {
      accept(numbered.group("number"), numbered.group("text"));
    } else {
      Optional.ofNullable(running.get(ONLY)).ifPresent(step -> step.said = line.strip());
    }
  }

  private void accept(String number, String text) {
    Step step = running.get(number);
    if (END.matcher(text).matches()) {
      running.remove(number);
    } else if (step == null) {
      begin(number, text);
    } else if (!text.equals("...") && !text.equals(step.title)) {
      step.said = text.replaceFirst("^[\\d.]+ ", "");
    }
  }

  private void begin(String number, String title) {
    Step step = new Step(title);
    running.put(number, step);
    later.execute(() -> look(number, step));
  }

  private synchronized void look(String number, Step step) {
    if (running.get(number) != step) {
      return;
    }
    if (!step.text().equals(step.told)) {
      step.told = step.text();
      tell.accept(name + ": " + step.told);
    }
    later.execute(() -> look(number, step));
  }

  private static String brief(String text) {
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
  }

  @Override
  public synchronized void close() {
    running.clear();
  }
}
