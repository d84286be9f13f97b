package dev.slipway.migrations.walk;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.Step;
import java.util.List;
import java.util.stream.Stream;

/** The steps of a walk as long as nothing is found, so that alembic may be told of them early. */
final class Itinerary {

  /** One of which nothing is known. */
  static final Itinerary UNKNOWN = new Itinerary(List.of());

  private final List<Step> steps;
  private int position;

  private Itinerary(List<Step> steps) {
    this.steps = steps;
  }

  /** Each revision up, down and up again. */
  static Itinerary roundTrips(List<Revision> revisions) {
    return new Itinerary(
        revisions.stream()
            .flatMap(each -> Stream.of(Step.up(each), Step.down(each), Step.upAgain(each)))
            .toList());
  }

  /** What comes next when this step is taken; nothing when that is not known. */
  List<Step> after(Step step, int most) {
    if (position >= steps.size() || !steps.get(position).equals(step)) {
      position = steps.indexOf(step);
    }
    if (position < 0) {
      position = steps.size();
      return List.of();
    }
    position++;
    return steps.subList(position, Math.min(steps.size(), position + Math.max(0, most)));
  }
}
