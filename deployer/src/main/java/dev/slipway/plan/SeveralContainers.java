package dev.slipway.plan;

import dev.slipway.SlipwayException;
import java.util.List;
import java.util.Map;

/** Services that somebody has scaled by hand: one more container finds no room beside several. */
public final class SeveralContainers {

  private SeveralContainers() {}

  /**
   * Refuses a step that would make one more; compose would make none.
   *
   * @param several the names of the containers of each service that has more than one
   */
  static void refuse(Step step, Map<String, List<String>> several) {
    List<String> swapped =
        step instanceof Step.SwapServices swap
            ? swap.services()
            : step instanceof Step.ReplaceEdge edge ? List.of(edge.service()) : List.of();
    for (String service : swapped) {
      List<String> names = several.getOrDefault(service, List.of());
      if (!names.isEmpty()) {
        throw SlipwayException.refused(
            "Service "
                + service
                + " has several containers, though its compose file wants one: "
                + String.join(", ", names)
                + ".",
            advice(service, names));
      }
    }
  }

  /** What to do where a service has several containers of which its compose file knows nothing. */
  public static String advice(String service, List<String> names) {
    String spare = String.join(" ", names.subList(1, names.size()));
    return "Keep one: `docker stop "
        + spare
        + " && docker rm "
        + spare
        + "`. Or write `scale: "
        + names.size()
        + "` to "
        + service
        + " in the compose file: then compose replaces them in place.";
  }
}
