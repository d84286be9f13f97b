package dev.slipway.migrations.report;

import dev.slipway.migrations.lock.Blocked;
import dev.slipway.migrations.lock.LockWords;
import dev.slipway.migrations.lock.RevisionLocks;
import dev.slipway.migrations.lock.Timeline;
import dev.slipway.migrations.lock.Timeline.Mark;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The locks of a revision as a page shows them: a line a table, from the first statement to the
 * commit.
 *
 * @param time how long it took
 * @param statements when each ran
 * @param lanes the tables that it kept others from
 * @param scans which tables it read as a whole, in words
 * @param advice what would be wrong were the tables large, or nobody limits its waiting
 */
record ShownLocks(
    String time,
    List<Bar> statements,
    List<Lane> lanes,
    List<List<Prose>> scans,
    List<Advice> advice) {

  private static final double NARROWEST = 0.4;
  private static final double ROOM_FOR_A_NUMBER = 11;
  private static final double LAST_NUMBER = 89;

  /**
   * A piece of a line.
   *
   * @param kind {@code reads}, {@code writes} or {@code rows}; empty: a statement
   * @param left where it begins, in percent
   * @param width how wide it is, in percent
   * @param number of a statement, where there is room for it
   */
  record Bar(String kind, String left, String width, String number) {
    boolean isNumbered() {
      return !number.isEmpty();
    }
  }

  /**
   * A table.
   *
   * @param held for how long others are kept out
   * @param felt for how long canaries waited
   * @param said the same in words
   */
  record Lane(String table, List<Bar> held, List<Bar> felt, List<List<Prose>> said) {}

  /** What would be a finding. */
  record Advice(String rule, List<Prose> message) {}

  static ShownLocks of(RevisionLocks locks, List<MigrationFinding> advice) {
    Timeline timeline = locks.timeline();
    Scale scale = new Scale(timeline);
    return new ShownLocks(
        ShownStep.time(timeline.millis()),
        statements(timeline, scale),
        tables(timeline).stream().map(table -> lane(table, timeline, scale)).toList(),
        timeline.scans().stream().map(LockWords::told).map(Prose::of).toList(),
        advice.stream().map(one -> new Advice(one.rule().id(), Prose.of(one.message()))).toList());
  }

  boolean hasLanes() {
    return !lanes.isEmpty();
  }

  boolean hasScans() {
    return !scans.isEmpty();
  }

  private static Set<String> tables(Timeline timeline) {
    return Stream.concat(
            timeline.holds().stream().map(hold -> hold.table()),
            timeline.felt().stream().map(felt -> felt.table()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Lane lane(String table, Timeline timeline, Scale scale) {
    List<Bar> held = new ArrayList<>();
    List<Bar> felt = new ArrayList<>();
    List<List<Prose>> said = new ArrayList<>();
    timeline.holds().stream()
        .filter(hold -> hold.table().equals(table))
        .forEach(
            hold -> {
              held.add(scale.bar(kind(hold.blocked()), hold.from(), hold.until(), ""));
              said.add(Prose.of(LockWords.told(hold)));
            });
    timeline.felt().stream()
        .filter(one -> one.table().equals(table))
        .forEach(
            one -> {
              felt.add(scale.bar(kind(one.blocked()), one.from(), one.until(), ""));
              said.add(Prose.of("Felt: " + LockWords.told(one) + "."));
            });
    return new Lane(table, held, felt, said);
  }

  private static String kind(Blocked blocked) {
    return blocked.name().toLowerCase(Locale.ROOT);
  }

  /** Those that can be told from others, with the number of those that have room for one. */
  private static List<Bar> statements(Timeline timeline, Scale scale) {
    List<Bar> bars = new ArrayList<>();
    double shown = -ROOM_FOR_A_NUMBER;
    double drawn = -NARROWEST;
    for (Mark mark : timeline.statements()) {
      double left = scale.percent(mark.start());
      boolean numbered = left - shown >= ROOM_FOR_A_NUMBER && left <= LAST_NUMBER;
      if (numbered || left - drawn >= NARROWEST) {
        bars.add(
            scale.bar("", mark.start(), mark.end(), numbered ? String.valueOf(mark.number()) : ""));
        drawn = left;
        shown = numbered ? left : shown;
      }
    }
    return bars;
  }

  /** From milliseconds to a share of the whole line. */
  private record Scale(double whole) {

    Scale(Timeline timeline) {
      this(
          Math.max(
              timeline.millis(),
              timeline.felt().stream().mapToDouble(felt -> felt.until()).max().orElse(0)));
    }

    double percent(double millis) {
      return whole > 0 ? Math.min(100, 100 * millis / whole) : 0;
    }

    Bar bar(String kind, double from, double until, String number) {
      double width = Math.max(NARROWEST, percent(until) - percent(from));
      double left = Math.min(percent(from), 100 - width);
      return new Bar(kind, number(left), number(width), number);
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
  }
}
