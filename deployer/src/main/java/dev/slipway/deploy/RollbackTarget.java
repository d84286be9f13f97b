package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Optional;

/** The release that a rollback brings back. */
public final class RollbackTarget {

  private static final int FEWEST_CHARACTERS = 4;

  private RollbackTarget() {}

  /** What is typed to go back to a release. */
  public static String command(ReleaseManifest release) {
    return "slipway rollback --to " + release.briefCommit();
  }

  /**
   * Where to go.
   *
   * @param wanted the beginning of its commit; else the last good one before the current
   * @param remains what makes it uncertain what serves now; then not further back than to the
   *     release that did
   */
  public static ReleaseManifest of(History history, Optional<String> wanted, Remains remains) {
    if (wanted.isEmpty()) {
      refuseToGuess(history, remains);
      return (remains.leaveDoubt() ? history.current() : history.previous())
          .orElseThrow(
              () ->
                  SlipwayException.refused(
                      "There is no earlier good release to go back to.",
                      "`slipway history` shows what served."));
    }
    return history.release(only(wanted.get(), history)).orElseThrow();
  }

  /** Refuses to go where a history leads that is not the last word any more. */
  static void requireNothingSince(History known, History now) {
    if (now.entries().size() != known.entries().size()) {
      throw SlipwayException.refused(
          "Another run has ended since this rollback chose where to go.",
          "See `slipway history` for what serves now, and run it again.");
    }
  }

  /** What runs may be what a rollback was bringing back, or a new release with the same images. */
  private static void refuseToGuess(History history, Remains remains) {
    history
        .beforeCurrent()
        .filter(
            before ->
                before.images().values().stream()
                    .anyMatch(image -> remains.images().contains(image.id())))
        .ifPresent(
            before -> {
              ReleaseManifest current = history.current().orElseThrow();
              throw SlipwayException.refused(
                  "A run that never told how it ended has left images of "
                      + before.briefCommit()
                      + ", though "
                      + current.briefCommit()
                      + " was the last to serve.",
                  "Say where to go: `" + command(current) + "` or `" + command(before) + "`.");
            });
  }

  /** The one commit that served and begins so. */
  private static String only(String beginning, History history) {
    List<String> served =
        history.entries().stream()
            .filter(LedgerEntry::served)
            .map(entry -> entry.release().commit())
            .distinct()
            .toList();
    List<String> meant = served.stream().filter(commit -> commit.startsWith(beginning)).toList();
    if (beginning.length() < FEWEST_CHARACTERS) {
      throw SlipwayException.refused(
          "--to has fewer than " + FEWEST_CHARACTERS + " characters: \"" + beginning + "\".",
          served(served));
    }
    if (meant.size() > 1) {
      throw SlipwayException.refused(
          "--to " + beginning + " is the beginning of more than one release.", served(meant));
    }
    return meant.stream()
        .findFirst()
        .orElseThrow(
            () ->
                SlipwayException.refused(
                    "No release " + beginning + " ever served on this server.", served(served)));
  }

  private static String served(List<String> commits) {
    return commits.isEmpty()
        ? "Nothing was ever deployed here by Slipway."
        : "These served: "
            + String.join(", ", commits.stream().map(ReleaseManifest::brief).toList())
            + ".";
  }
}
