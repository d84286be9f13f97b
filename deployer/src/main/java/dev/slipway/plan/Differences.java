package dev.slipway.plan;

import java.util.Map;
import java.util.Set;

/**
 * How the containers that run differ from those that the wanted release would have on the server,
 * but for their images.
 *
 * @param reconfigured the services whose part of the compose file differs from what may run now
 * @param refilled those that mount a file of the repository, take their variables from one or have
 *     a config or secret, which the wanted release has otherwise
 * @param redefined the networks and volumes, as phrases, that it defines otherwise than the
 *     checkout while services of both use them
 * @param variables the names of the variables that the server's {@code .env} would give their
 *     containers otherwise, by service
 * @param madeByHand the services whose containers somebody has made anew since, of the same image
 * @param stranded those whose containers join one that is gone or was started anew since
 */
public record Differences(
    Set<String> reconfigured,
    Set<String> refilled,
    Set<String> redefined,
    Map<String, Set<String>> variables,
    Set<String> madeByHand,
    Set<String> stranded) {

  /** No difference. */
  public static final Differences NONE =
      new Differences(Set.of(), Set.of(), Set.of(), Map.of(), Set.of(), Set.of());

  /** Copies. */
  public Differences {
    reconfigured = Set.copyOf(reconfigured);
    refilled = Set.copyOf(refilled);
    redefined = Set.copyOf(redefined);
    variables = Map.copyOf(variables);
    madeByHand = Set.copyOf(madeByHand);
    stranded = Set.copyOf(stranded);
  }
}
