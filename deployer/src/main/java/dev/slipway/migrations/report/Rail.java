package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The piece of the revisions' graph that stands beside one of them: lanes from top to bottom, which
 * branches leave and merges end.
 *
 * @param width of the whole graph, in pixels
 * @param x where the revision's dot is
 * @param merge whether it joins branches
 * @param lines lanes that go straight on
 * @param curves lanes that begin or end at the dot, as SVG paths
 */
record Rail(String width, String x, boolean merge, List<Line> lines, List<String> curves) {

  /** How far below the top the dot is; as the style sheet has it. */
  static final int DOT = 28;

  private static final double WIDEST = 96;
  private static final double LANE = 18;

  /**
   * A straight lane, which may begin or end at the dot.
   *
   * @param open whether it comes from a revision that is not shown
   */
  record Line(String x, String from, String to, boolean open) {}

  /** The pieces for revisions, each of which comes after those it stands on. */
  static List<Rail> of(List<Revision> revisions) {
    List<Row> rows = rows(revisions);
    int lanes = rows.stream().mapToInt(row -> row.lanes().size()).max().orElse(1);
    double lane = Math.min(LANE, WIDEST / Math.max(1, lanes));
    return rows.stream().map(row -> row.draw(lane, lanes)).toList();
  }

  private static List<Row> rows(List<Revision> revisions) {
    Map<String, List<String>> children = new HashMap<>();
    Set<String> shown = new HashSet<>();
    for (Revision revision : revisions) {
      shown.add(revision.id());
      revision
          .parents()
          .forEach(
              parent ->
                  children.computeIfAbsent(parent, key -> new ArrayList<>()).add(revision.id()));
    }
    List<String> lanes = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Revision revision : revisions) {
      List<String> above = List.copyOf(lanes);
      int known = lanes.indexOf(revision.id());
      int own = known < 0 ? free(lanes) : known;
      lanes.replaceAll(target -> target.equals(revision.id()) ? "" : target);
      List<Integer> out = new ArrayList<>();
      for (String child : children.getOrDefault(revision.id(), List.of())) {
        int lane = out.isEmpty() ? own : free(lanes);
        lanes.set(lane, child);
        out.add(lane);
      }
      boolean open = revision.parents().stream().anyMatch(parent -> !shown.contains(parent));
      rows.add(new Row(revision, above, List.copyOf(lanes), own, out, open));
    }
    return rows;
  }

  /** The first lane that leads nowhere. */
  private static int free(List<String> lanes) {
    int lane = lanes.indexOf("");
    if (lane >= 0) {
      return lane;
    }
    lanes.add("");
    return lanes.size() - 1;
  }

  /** A revision with the lanes' targets above and below it. */
  private record Row(
      Revision revision,
      List<String> above,
      List<String> lanes,
      int own,
      List<Integer> out,
      boolean open) {

    Rail draw(double lane, int widest) {
      List<Line> lines = new ArrayList<>();
      List<String> curves = new ArrayList<>();
      for (int from = 0; from < above.size(); from++) {
        String target = above.get(from);
        if (target.equals(revision.id())) {
          if (from == own) {
            lines.add(new Line(x(own, lane), "0", String.valueOf(DOT), false));
          } else {
            curves.add(curve(x(from, lane), 0, x(own, lane), DOT));
          }
        } else if (!target.isEmpty()) {
          lines.add(new Line(x(from, lane), "0", "100%", false));
        }
      }
      if (open && !above.contains(revision.id())) {
        lines.add(new Line(x(own, lane), "0", String.valueOf(DOT), true));
      }
      for (int to : out) {
        if (to != own) {
          curves.add(curve(x(own, lane), DOT, x(to, lane), 2 * DOT));
        }
        lines.add(new Line(x(to, lane), String.valueOf(to == own ? DOT : 2 * DOT), "100%", false));
      }
      return new Rail(
          number((widest - 1) * lane + LANE + 4),
          x(own, lane),
          revision.parents().size() > 1,
          lines,
          curves);
    }

    private static String x(int lane, double width) {
      return number(lane * width + LANE / 2 + 2);
    }

    private static String curve(String fromX, int fromY, String toX, int toY) {
      int middle = (fromY + toY) / 2;
      return "M%s %d C%s %d %s %d %s %d"
          .formatted(fromX, fromY, fromX, middle, toX, middle, toX, toY);
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
