package dev.slipway.release;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a complete run of the suites found about one commit.
 *
 * @param commit the commit that was judged
 * @param clean whether the working tree was exactly that commit
 * @param platform the platform's folder inside the repository, empty for its root
 * @param passed whether every suite passed
 * @param images the images that were built and tested, by service
 * @param schemaRevision the migration head that was proved; absent without migrations
 * @param suites how each suite ended
 * @param finishedAt when the run ended
 * @param previousFails what the release before cannot do on this one's schema, and is waived
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Verdict(
    String commit,
    boolean clean,
    String platform,
    boolean passed,
    Map<String, BuiltImage> images,
    Optional<String> schemaRevision,
    List<SuiteResult> suites,
    Instant finishedAt,
    List<String> previousFails) {

  private static final String VERIFY_FIRST =
      "Run `mvn verify` on this commit (in another folder: `bin/verify --platform DIR`), then deploy"
          + " again.";

  /** Validates and copies. */
  public Verdict {
    Objects.requireNonNull(commit, "no commit");
    images = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(images)));
    suites = List.copyOf(suites);
    previousFails = previousFails == null ? List.of() : List.copyOf(previousFails);
  }

  /** A verdict on a release that the one before can live with. */
  public Verdict(
      String commit,
      boolean clean,
      String platform,
      boolean passed,
      Map<String, BuiltImage> images,
      Optional<String> schemaRevision,
      List<SuiteResult> suites,
      Instant finishedAt) {
    this(commit, clean, platform, passed, images, schemaRevision, suites, finishedAt, List.of());
  }

  /** Reads a verdict, or refuses one that is garbled. */
  public static Verdict parse(String text, String where) {
    try {
      return Json.read(text, Verdict.class);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw SlipwayException.refused(
          "The verdict " + where + " cannot be read: " + e.getMessage() + ".", VERIFY_FIRST);
    }
  }

  /**
   * Refuses anything but a green verdict of exactly this commit and folder.
   *
   * @param wanted the commit that is to be deployed
   * @param folder the platform's folder inside the repository, empty for its root
   */
  public void requireGreen(String wanted, String folder) {
    requireGreen(wanted);
    if (!platform.equals(folder)) {
      throw SlipwayException.refused(
          "The verdict is about " + told(platform) + ", not about " + told(folder) + ".",
          VERIFY_FIRST);
    }
  }

  private static String told(String folder) {
    return folder.isEmpty() ? "the repository's root" : "the folder " + folder;
  }

  /** The same, of whichever folder of that commit. */
  public void requireGreen(String wanted) {
    if (!commit.equals(wanted)) {
      throw SlipwayException.refused(
          "The verdict is about commit "
              + ReleaseManifest.brief(commit)
              + ", not about "
              + ReleaseManifest.brief(wanted)
              + ".",
          VERIFY_FIRST);
    }
    if (!clean) {
      throw SlipwayException.refused(
          "The verdict is about a working tree with uncommitted changes on top of a commit.",
          "Commit or stash the changes. " + VERIFY_FIRST);
    }
    if (!passed) {
      throw SlipwayException.refused(
          "The verdict of commit "
              + ReleaseManifest.brief(commit)
              + " is red: "
              + redSuites()
              + ".",
          "Mend what the suites report, then deploy again.");
    }
    if (images.isEmpty() || suites.isEmpty()) {
      throw SlipwayException.refused(
          "The verdict of commit " + ReleaseManifest.brief(commit) + " names no image or no suite.",
          VERIFY_FIRST);
    }
  }

  private String redSuites() {
    List<String> red =
        suites.stream().filter(suite -> suite.failed() > 0).map(SuiteResult::name).toList();
    return red.isEmpty() ? "a suite ended early" : String.join(", ", red);
  }
}
