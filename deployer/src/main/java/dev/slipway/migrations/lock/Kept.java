package dev.slipway.migrations.lock;

import dev.slipway.migrations.alembic.StatementLook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A lock of one revision that is kept while later ones work, since env.py has one transaction for
 * all of them.
 *
 * @param hold the lock, until that transaction ends
 * @param slowest what takes longest meanwhile
 */
record Kept(Hold hold, Slowest slowest) {

  /**
   * A statement of a later revision.
   *
   * @param during the revision, in words
   * @param number the statement's number, from 1
   * @param sql the statement
   * @param millis how long it takes
   */
  record Slowest(String during, int number, String sql, double millis) {}

  /**
   * What a step locks and keeps while later ones send statements.
   *
   * @param steps of new revisions, in the order in which they are applied
   * @param index which of them
   */
  static List<Kept> of(List<ObservedWalk.Step> steps, int index) {
    ObservedWalk.Step step = steps.get(index);
    if (step.seen().commits()) {
      return List.of();
    }
    List<Part> parts = parts(steps.subList(index + 1, steps.size()));
    Optional<Slowest> slowest =
        parts.stream()
            .flatMap(part -> part.statements().stream())
            .max(Comparator.comparingDouble(Slowest::millis));
    return slowest.stream()
        .flatMap(
            statement ->
                Holds.atTheEnd(step.seen(), step.tables()).stream()
                    .map(hold -> new Kept(longer(hold, parts, step), statement)))
        .toList();
  }

  /** What of the later revisions is within the same transaction. */
  private static List<Part> parts(List<ObservedWalk.Step> later) {
    List<Part> parts = new ArrayList<>();
    for (ObservedWalk.Step step : later) {
      Optional<Integer> committed =
          step.seen().looks().stream()
              .filter(StatementLook::commits)
              .map(StatementLook::statement)
              .findFirst();
      parts.add(new Part(step, committed.orElse(step.seen().result().statements().size() + 1) - 1));
      if (committed.isPresent()) {
        break;
      }
    }
    return parts;
  }

  private static Hold longer(Hold hold, List<Part> parts, ObservedWalk.Step step) {
    double millis = parts.stream().mapToDouble(Part::millis).sum();
    Map<String, Long> worked = new TreeMap<>(hold.worked());
    for (Part part : parts) {
      Holds.worked(part.step().seen(), step.tablesAt(part.step()), part.last())
          .forEach((table, rows) -> worked.merge(table, rows, Long::sum));
    }
    return new Hold(
        hold.table(),
        hold.blocked(),
        hold.statement(),
        hold.from(),
        hold.until() + millis,
        false,
        worked);
  }

  /**
   * The beginning of a step, or all of it.
   *
   * @param last the number of the last statement that belongs to it
   */
  private record Part(ObservedWalk.Step step, int last) {

    List<Slowest> statements() {
      return step.timeline().statements().stream()
          .filter(mark -> mark.number() <= last)
          .map(
              mark ->
                  new Slowest(
                      step.revision().toString(),
                      mark.number(),
                      step.seen().result().statements().get(mark.number() - 1),
                      mark.end() - mark.start()))
          .toList();
    }

    /** Up to the commit. */
    double millis() {
      return step.timeline().statements().stream()
          .filter(mark -> mark.number() > last)
          .findFirst()
          .map(Timeline.Mark::start)
          .orElse(step.timeline().millis());
    }
  }
}
