package dev.slipway.plan;

import dev.slipway.release.ReleaseManifest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Decides which containers of services that a release does not have go, and which are only told of:
 * code of another release must not go on working, and what Slipway has not built may hold data.
 */
final class Leftovers {

  private final List<Leftover> going;
  private final List<Leftover> staying;

  /**
   * @param releases those whose images are the platform's own
   */
  Leftovers(List<Leftover> found, Collection<ReleaseManifest> releases) {
    this.going = found.stream().filter(each -> goes(each, releases)).toList();
    this.staying = found.stream().filter(each -> !goes(each, releases)).toList();
  }

  private static boolean goes(Leftover leftover, Collection<ReleaseManifest> releases) {
    return !leftover.elsewhere() && leftover.isOf(releases);
  }

  List<Leftover> going() {
    return going;
  }

  /** The step that removes what goes. */
  Optional<Step.RemoveServices> removal(ReleaseManifest release) {
    return going.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Step.RemoveServices(
                going.stream().map(Leftover::service).distinct().toList(),
                going.stream().map(each -> each.container().id()).toList(),
                "not in the compose file of " + release.briefCommit()));
  }

  /** A line of each that stays. */
  List<String> notes(ReleaseManifest release) {
    return staying.stream().map(each -> each.advice(release.briefCommit()) + ".").toList();
  }
}
