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
import java.util.regex.Pattern;

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

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");
  private static final Pattern NAME = Pattern.compile("[^-\\s]\\S*");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern LINE = Pattern.compile("[^\\r\\n]*");

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
      ReleaseManifest release = Json.read(text, ReleaseManifest.class);
      release.requireNames();
      return release;
    } catch (IllegalArgumentException | NullPointerException e) {
      throw SlipwayException.refused(
          "The release manifest " + where + " cannot be read: " + e.getMessage() + ".",
          "Publish the release again: `slipway release`.");
    }
  }

  /**
   * Refuses what no release holds that Slipway wrote, and what a command would take for more than a
   * name.
   *
   * @throws IllegalArgumentException that says what is no name
   */
  public void requireNames() {
    require(COMMIT, commit, "the id of a commit");
    images.forEach(
        (service, image) -> {
          require(NAME, service, "the name of a service");
          require(NAME, image.name(), "the name of an image");
          require(NAME, image.tag(), "a tag");
          require(NAME, image.id(), "the id of an image");
          image.digest().ifPresent(digest -> require(NAME, digest, "a digest"));
        });
    variables.forEach(
        (name, value) -> {
          require(VARIABLE, name, "the name of a variable");
          require(LINE, value, "the value of a variable, which is one line");
        });
  }

  private static void require(Pattern pattern, String text, String what) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not " + what);
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
