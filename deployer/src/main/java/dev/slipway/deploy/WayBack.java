package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.ledger.History;
import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Optional;

/** Whether an earlier release may come back onto the schema as it is now. */
public final class WayBack {

  private WayBack() {}

  /**
   * Refuses a release whose code is known to fail there, unless somebody says why it should come
   * back all the same.
   */
  public static void require(
      History history,
      Optional<String> schema,
      ReleaseManifest release,
      Optional<String> reason,
      DeployLog log) {
    List<String> failing = history.failsOnTheSchema(release, schema);
    if (failing.isEmpty()) {
      return;
    }
    if (reason.filter(text -> !text.isBlank()).isEmpty()) {
      throw SlipwayException.refused(
          "The code of "
              + release.briefCommit()
              + " is known to fail on the schema of now: "
              + String.join(" ", failing),
          "Mend forwards and deploy, restore a backup of that release's schema, or go back knowingly:"
              + " `slipway rollback --to "
              + release.briefCommit()
              + " --force 'why'`.");
    }
    log.note(
        "Going back although this is known to fail on the schema of now: "
            + String.join(" ", failing));
  }
}
