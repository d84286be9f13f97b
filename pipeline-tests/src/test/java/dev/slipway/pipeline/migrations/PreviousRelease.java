package dev.slipway.pipeline.migrations;

import dev.slipway.SlipwayException;
import dev.slipway.effect.git.CommittedPlatform;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.pipeline.PlatformUnderTest;
import dev.slipway.platform.BuiltService;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import java.nio.file.Path;
import java.util.List;

/**
 * The release before this one, which serves on the new schema between the migration and the swap,
 * and again after a rollback.
 *
 * @param image its backend
 * @param sources its sources
 * @param folder its backend's, relative to them
 * @param added the revisions that it does not have
 */
record PreviousRelease(String image, Path sources, String folder, List<Revision> added) {

  /** Copies. */
  PreviousRelease {
    added = List.copyOf(added);
  }

  /**
   * Builds it.
   *
   * @param commit where it is
   * @param folder where its sources go
   * @param added the revisions that it does not have
   * @throws SlipwayException when that commit is no platform or does not build, which is no fault
   *     of this one
   */
  static PreviousRelease of(
      PlatformUnderTest platform, String commit, Path folder, List<Revision> added) {
    Platform before =
        CommittedPlatform.read(platform.repository(), commit, platform.variables().all());
    BuiltService backend =
        before
            .built(Role.BACKEND)
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "Its backend is not built from its repository.",
                        "Nothing is to be done about it now."));
    return new PreviousRelease(
        platform.images().backendOf(before, commit, folder), folder, backend.folder(), added);
  }

  /** Its backend's sources. */
  Path backend() {
    return sources.resolve(folder);
  }

  /**
   * Something that it does on its own schema and not on the new one.
   *
   * @param object what it is about
   * @param difference what it does there and does not here
   * @param words what it says to it
   */
  MigrationFinding finding(String object, String difference, String words) {
    return new MigrationFinding(
        Rule.PREVIOUS_RELEASE_FAILS,
        added.get(added.size() - 1).id(),
        object,
        "The previous release "
            + difference
            + " once "
            + names()
            + " is applied: it serves on that schema until the swap is done, and again after a rollback. Add first, with a default"
            + " for what it does not write, and take away or demand a release later (expand, then contract). "
            + words);
  }

  /** The revisions that it does not have. */
  String names() {
    return String.join(", ", added.stream().map(Revision::toString).toList());
  }
}
