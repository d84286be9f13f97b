package dev.slipway.plan;

import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a deployment will do, in order; {@link #toString()} is the text that users see and tests
 * compare.
 *
 * @param release where it leads
 * @param steps what it takes; empty when the server is there already
 * @param costs what users of the platform would notice of it; empty when nothing
 * @param notes what a reader should know besides
 * @param mustBeWell the services that must be well for it to have gone well
 */
public record DeployPlan(
    ReleaseManifest release,
    List<Step> steps,
    List<Cost> costs,
    List<String> notes,
    Set<String> mustBeWell) {

  /** Copies. */
  public DeployPlan {
    steps = List.copyOf(steps);
    costs = List.copyOf(costs);
    notes = List.copyOf(notes);
    mustBeWell = Set.copyOf(mustBeWell);
  }

  /** A plan that needs no notes, and in which the edge's answer alone counts. */
  public DeployPlan(ReleaseManifest release, List<Step> steps, List<Cost> costs) {
    this(release, steps, costs, List.of(), Set.of());
  }

  /** A plan that nobody notices. */
  public DeployPlan(ReleaseManifest release, List<Step> steps) {
    this(release, steps, List.of());
  }

  /** Whether the server already serves this release. */
  public boolean nothingToDo() {
    return steps.isEmpty();
  }

  /** Whether it gives a service that runs another container than one beside it. */
  public boolean replaces(String service) {
    return steps.stream()
        .anyMatch(
            step ->
                (step instanceof Step.ReplaceEdge edge && edge.service().equals(service))
                    || (step instanceof Step.UpdateServices update
                        && update.services().contains(service)));
  }

  /** The containers that it removes, of services that the release does not have. */
  public List<String> leftovers() {
    return steps.stream()
        .filter(Step.RemoveServices.class::isInstance)
        .flatMap(step -> ((Step.RemoveServices) step).containers().stream())
        .toList();
  }

  @Override
  public String toString() {
    if (nothingToDo()) {
      return "Nothing to do: " + release.briefCommit() + " is serving.\n" + noted();
    }
    StringBuilder text = new StringBuilder("Plan to serve " + release.briefCommit() + ":\n");
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      text.append(String.format("%3d. %s (%s)%n", i + 1, step.what(), step.cause()));
    }
    text.append(noted());
    if (!costs.isEmpty()) {
      text.append("What users will notice:\n");
      costs.forEach(cost -> text.append("  - ").append(cost).append('\n'));
    }
    return text.toString();
  }

  private String noted() {
    return notes.stream().map(note -> "     " + note + "\n").collect(Collectors.joining());
  }
}
