package dev.slipway.image;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where an image is found: registry, repository, tag and digest, as written and with nothing
 * invented (no {@code docker.io}, no {@code library/}, no {@code latest}).
 *
 * <p>The grammar is that of the distribution project.
 *
 * @param registry host and port, present only when the reference names one
 * @param repository the path within the registry
 * @param tag the tag, when one is given
 * @param digest the digest with its algorithm, when one is given
 * @see <a href="https://github.com/distribution/reference/blob/v0.6.0/reference.go">
 *     distribution/reference, the grammar</a>
 * @see <a href="https://github.com/distribution/reference/blob/v0.6.0/normalize.go">
 *     distribution/reference, splitDockerDomain: what makes a first segment a registry</a>
 */
public record ImageReference(
    Optional<String> registry, String repository, Optional<String> tag, Optional<String> digest) {

  private static final int LONGEST_REPOSITORY = 255;

  /** The registry that engines leave out of names. */
  private static final Set<String> HUB = Set.of("docker.io", "index.docker.io");

  private static final String DOMAIN_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*+(?<!-))?";
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:%1$s(?:\\.%1$s)*|\\[[a-fA-F0-9:]+])(?::[0-9]{1,5})?".formatted(DOMAIN_PART));
  private static final String PATH_PART = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
  private static final Pattern REPOSITORY = Pattern.compile("%1$s(?:/%1$s)*".formatted(PATH_PART));
  private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}");
  private static final Pattern IDENTIFIER = Pattern.compile("[0-9a-f]{64}");

  /** Validates each part against the grammar. */
  public ImageReference {
    registry.ifPresent(text -> require(REGISTRY, text, "registry"));
    if (repository.length() > LONGEST_REPOSITORY) {
      throw new IllegalArgumentException(
          "an image's repository has at most %d characters: '%s'"
              .formatted(LONGEST_REPOSITORY, repository));
    }
    require(REPOSITORY, repository, "repository (lower case letters, digits, . _ - and /)");
    tag.ifPresent(text -> require(TAG, text, "tag"));
    digest.ifPresent(text -> require(DIGEST, text, "digest (sha256:<64 hexadecimal digits>)"));
  }

  private static void require(Pattern pattern, String text, String what) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("not an image's %s: '%s'".formatted(what, text));
    }
  }

  /**
   * Reads a reference as a person writes it.
   *
   * @throws IllegalArgumentException with {@code text} in its message when it is none
   */
  public static ImageReference parse(String text) {
    try {
      return read(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not an image reference: '%s' (%s)".formatted(text, e.getMessage()), e);
    }
  }

  private static ImageReference read(String text) {
    int at = text.indexOf('@');
    Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
    String named = at < 0 ? text : text.substring(0, at);
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    Optional<String> tag = colon < 0 ? Optional.empty() : Optional.of(named.substring(colon + 1));
    String name = colon < 0 ? named : named.substring(0, colon);
    if (IDENTIFIER.matcher(name).matches()) {
      throw new IllegalArgumentException("64 hexadecimal digits are an image id, not a name");
    }
    int slash = name.indexOf('/');
    if (slash < 0 || !namesRegistry(name.substring(0, slash))) {
      return new ImageReference(Optional.empty(), name, tag, digest);
    }
    return new ImageReference(
        Optional.of(name.substring(0, slash)), name.substring(slash + 1), tag, digest);
  }

  private static boolean namesRegistry(String segment) {
    return segment.contains(".")
        || segment.contains(":")
        || segment.equals("localhost")
        || !segment.equals(segment.toLowerCase(Locale.ROOT));
  }

  /** Registry and repository, without tag or digest. */
  public String name() {
    return registry.map(host -> host + "/").orElse("") + repository;
  }

  /** How an engine that has the image lists it. */
  public String listed() {
    Optional<String> elsewhere = registry.filter(host -> !HUB.contains(host));
    String known =
        elsewhere
            .map(host -> host + "/" + repository)
            .orElseGet(() -> repository.replaceFirst("^library/", ""));
    return digest
        .map(text -> known + "@" + text)
        .orElseGet(() -> known + ":" + tag.orElse("latest"));
  }

  /** The reference as it was read. */
  @Override
  public String toString() {
    return name()
        + tag.map(text -> ":" + text).orElse("")
        + digest.map(text -> "@" + text).orElse("");
  }
}
