package dev.slipway.deploy.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as one page for a browser, which needs neither network nor script.
 *
 * @param green whether what was asked for serves
 * @param facts what is to be known first
 * @param steps in the order in which they ran
 * @param remarks what was said between them
 * @param chart the load that was on meanwhile; null without one
 */
record DeployPage(
    boolean green,
    String headline,
    String platform,
    Optional<String> reason,
    List<Fact> facts,
    List<ShownStep> steps,
    String remarks,
    @Nullable LoadChart chart) {

  private static final Template TEMPLATE =
      Mustache.compiler()
          .strictSections(true)
          .withLoader(DeployPage::resource)
          .compile(resource("page.mustache"));

  /** A figure with its name. */
  record Fact(String name, String figure, String note) {}

  /**
   * A step.
   *
   * @param begins seconds after the deployment's own beginning
   * @param offset where its bar begins, in percent of the whole
   * @param width how long its bar is, in percent of the whole
   */
  record ShownStep(
      String number,
      String what,
      String cause,
      boolean failed,
      String took,
      String begins,
      String offset,
      String width,
      String output) {

    boolean hasOutput() {
      return !output.isEmpty();
    }
  }

  static String of(DeployOutcome outcome, Timeline timeline, Optional<Load> load) {
    Instant from = timeline.began();
    Instant to = from.plus(outcome.took());
    Optional<Load> during =
        load.map(all -> all.between(from, to)).filter(some -> !some.requests().isEmpty());
    return TEMPLATE.execute(
        new DeployPage(
            outcome.serves(),
            outcome.headline(),
            outcome.platform(),
            outcome.reason(),
            facts(outcome, from),
            shown(timeline.steps(), from, to),
            String.join("\n", timeline.remarks()),
            during.map(some -> LoadChart.of(some, from, to, timeline.steps())).orElse(null)));
  }

  boolean hasReason() {
    return reason.isPresent();
  }

  String why() {
    return reason.orElse("");
  }

  boolean hasSteps() {
    return !steps.isEmpty();
  }

  boolean hasRemarks() {
    return !remarks.isEmpty();
  }

  boolean hasChart() {
    return chart != null;
  }

  private static List<Fact> facts(DeployOutcome outcome, Instant from) {
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            "Outcome", String.valueOf(outcome.code()), "exit code " + outcome.code().status()));
    facts.add(
        new Fact(
            "Asked for",
            outcome.action().toString().toLowerCase(Locale.ROOT),
            "by " + outcome.by()));
    outcome
        .release()
        .map(
            release ->
                new Fact(
                    "Release",
                    release.briefCommit(),
                    release.version().map(version -> "says " + version).orElse("tells none")))
        .ifPresent(facts::add);
    facts.add(
        new Fact("Time", time(outcome.took()), "from " + from.truncatedTo(ChronoUnit.SECONDS)));
    return facts;
  }

  private static List<ShownStep> shown(List<Timeline.Entry> steps, Instant from, Instant to) {
    List<ShownStep> shown = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Instant next = i + 1 < steps.size() ? steps.get(i + 1).began() : to;
      shown.add(shown(steps.get(i), next, from, Duration.between(from, to)));
    }
    return shown;
  }

  /** A step that did not end well took until the {@code next} one began. */
  private static ShownStep shown(Timeline.Entry step, Instant next, Instant from, Duration whole) {
    Duration begins = Duration.between(from, step.began());
    Duration took = step.took().orElseGet(() -> Duration.between(step.began(), next));
    double all = Math.max(1, whole.toMillis());
    return new ShownStep(
        step.number() + "/" + step.of(),
        step.what(),
        step.cause(),
        step.took().isEmpty(),
        time(took),
        "after " + time(begins),
        percent(begins.toMillis() / all),
        percent(Math.max(0.004, took.toMillis() / all)),
        String.join("\n", step.lines().stream().map(String::strip).toList()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", Math.min(100, 100 * share));
  }

  private static String time(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static Reader resource(String name) {
    return new InputStreamReader(
        Objects.requireNonNull(DeployPage.class.getResourceAsStream(name), name),
        StandardCharsets.UTF_8);
  }
}
