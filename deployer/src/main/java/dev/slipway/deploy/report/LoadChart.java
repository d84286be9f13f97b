package dev.slipway.deploy.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A load as a drawing: over time the slowest and the middle answer, and each moment in which
 * requests failed.
 *
 * @param summary the figures in words
 * @param slowest the points of the line of slowest answers
 * @param middle the points of the line of middle answers
 * @param failures where requests failed
 * @param marks where steps began
 * @param top what the upper edge stands for
 */
record LoadChart(
    String summary,
    String slowest,
    String middle,
    List<Mark> failures,
    List<Mark> marks,
    String top,
    String end) {

  private static final int WIDTH = 960;
  private static final int HEIGHT = 180;
  private static final int BUCKETS = 240;

  /** A place on the time axis. */
  record Mark(String x, String name) {}

  static LoadChart of(Load load, Instant from, Instant to, List<Timeline.Entry> steps) {
    double span = Math.max(1, Duration.between(from, to).toNanos());
    double highest = load.percentile(100);
    List<String> slowest = new ArrayList<>();
    List<String> middle = new ArrayList<>();
    List<Mark> failures = new ArrayList<>();
    for (int i = 0; i < BUCKETS; i++) {
      Load part =
          load.between(
              from.plusNanos((long) (span * i / BUCKETS)),
              from.plusNanos((long) (span * (i + 1) / BUCKETS)));
      if (!part.requests().isEmpty()) {
        double x = WIDTH * (i + 0.5) / BUCKETS;
        slowest.add(point(x, part.percentile(100) / highest));
        middle.add(point(x, part.percentile(50) / highest));
        if (part.failed() > 0) {
          failures.add(new Mark(number(x), part.failed() + " failed"));
        }
      }
    }
    return new LoadChart(
        summary(load),
        String.join(" ", slowest),
        String.join(" ", middle),
        failures,
        marks(steps, from, span),
        time(highest),
        String.format(Locale.ROOT, "%.0f s", span / 1e9));
  }

  private static List<Mark> marks(List<Timeline.Entry> steps, Instant from, double span) {
    List<Mark> marks = new ArrayList<>();
    for (Timeline.Entry step : steps) {
      double x = WIDTH * Duration.between(from, step.began()).toNanos() / span;
      marks.add(new Mark(number(x), step.number() + ""));
    }
    return marks;
  }

  private static String summary(Load load) {
    return load.requests().size()
        + " requests, "
        + load.failed()
        + " failed; half were answered within "
        + time(load.percentile(50))
        + ", 99 of 100 within "
        + time(load.percentile(99))
        + ", the slowest took "
        + time(load.percentile(100));
  }

  private static String time(double millis) {
    return millis < 1000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }

  private static String point(double x, double share) {
    return number(x) + "," + number(HEIGHT * (1 - share));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
