package dev.slipway.release;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * A release: one commit and the images that were proved for it.
 *
 * @param commit the commit
 * @param version what the health endpoint must say; absent when it tells none, and when the release
 *     was found on the server and says nothing
 * @param images the images, by service
 * @param schemaRevision the migration head that the images expect
 * @param variables what the compose file needs to name these images, such as {@code TAG}
 * @param createdAt when it was published; until then, when it was proposed
 * @param previousFails what the release before cannot do on this one's schema, as was seen when it
 *     was verified
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReleaseManifest(
    String commit,
    Optional<String> version,
    Map<String, ReleasedImage> images,
    Optional<String> schemaRevision,
    Map<String, String> variables,
    Instant createdAt,
    List<String> previousFails) {

  /** Validates and copies. */
  public ReleaseManifest {
    Objects.requireNonNull(commit, "no commit");
    images = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(images)));
    variables = Map.copyOf(variables);
    previousFails = previousFails == null ? List.of() : List.copyOf(previousFails);
  }

  /** A release whose predecessor can live with its schema. */
  public ReleaseManifest(
      String commit,
      Optional<String> version,
      Map<String, ReleasedImage> images,
      Optional<String> schemaRevision,
      Map<String, String> variables,
      Instant createdAt) {
    this(commit, version, images, schemaRevision, variables, createdAt, List.of());
  }

  /** Reads a manifest, or refuses one that is garbled. */
  public static ReleaseManifest parse(String text, String where) {
    try {
      return Json.read(text, ReleaseManifest.class);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw SlipwayException.refused(
          "The release manifest " + where + " cannot be read: " + e.getMessage() + ".",
          "Publish the release again: `slipway release`.");
    }
  }

  /** The names of the images that were not pushed yet; none once the release is published. */
  public List<String> unpublished() {
    return images.values().stream()
        .filter(image -> image.digest().isEmpty())
        .map(ReleasedImage::tagged)
        .toList();
  }

  /** The commit as people write it. */
  @JsonIgnore
  public String briefCommit() {
    return brief(commit);
  }

  /** Any commit as people write it. */
  public static String brief(String commit) {
    return commit.substring(0, Math.min(12, commit.length()));
  }
}
