package dev.slipway.plan;

import dev.slipway.SlipwayException;
import java.util.List;
import java.util.Optional;

/**
 * What a plan means for users who get the edge's maintenance page.
 *
 * @param on whether they do
 * @param edge the service that answers with it
 */
record MaintenanceCheck(boolean on, Optional<String> edge) {

  /** Refuses steps that replace the edge, and so would end it unasked. */
  void require(List<Step> steps) {
    edge.filter(service -> on && steps.stream().anyMatch(step -> replaces(step, service)))
        .ifPresent(
            service -> {
              throw SlipwayException.refused(
                  "Maintenance is on, and this plan replaces " + service + ", which would end it.",
                  "Run `slipway maintenance off` first, and on again after the deployment if need be.");
            });
  }

  private static boolean replaces(Step step, String service) {
    return step instanceof Step.ReplaceEdge
        || (step instanceof Step.UpdateServices update && update.services().contains(service));
  }

  /** That users get 503 meanwhile. */
  Optional<String> note() {
    return on
        ? Optional.of(
            "Maintenance is on and stays on: users get 503 until `slipway maintenance off`.")
        : Optional.empty();
  }
}
