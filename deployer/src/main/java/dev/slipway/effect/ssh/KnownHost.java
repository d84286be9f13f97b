package dev.slipway.effect.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One line of {@code known_hosts}.
 *
 * @param marker what stands before the names
 * @param names the patterns of host names, or one hashed name
 * @param key the key recorded
 */
record KnownHost(Marker marker, String names, PublicKey key) {

  /** What a line's key is for. */
  enum Marker {
    NONE,
    REVOKED,
    CERT_AUTHORITY
  }

  private static final String HASHED = "|1|";

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static KnownHost parse(String line) {
    List<String> words = List.of(line.split("\\s+"));
    Marker marker = marker(words.get(0));
    List<String> fields = marker == Marker.NONE ? words : words.subList(1, words.size());
    if (fields.size() < 3) {
      throw new IllegalArgumentException("it has no host name, key type and key");
    }
    PublicKey key = key(fields.get(2));
    if (!key.type().equals(fields.get(1))) {
      throw new IllegalArgumentException(
          "the key is of type " + key.type() + ", not " + fields.get(1));
    }
    return new KnownHost(marker, fields.get(0), key);
  }

  private static Marker marker(String word) {
    if (!word.startsWith("@")) {
      return Marker.NONE;
    }
    return switch (word) {
      case "@revoked" -> Marker.REVOKED;
      case "@cert-authority" -> Marker.CERT_AUTHORITY;
      default -> throw new IllegalArgumentException("the marker " + word + " is unknown");
    };
  }

  private static PublicKey key(String base64) {
    try {
      return PublicKey.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException garbled) {
      throw new IllegalArgumentException("the key is cut or altered", garbled);
    }
  }

  /** Whether this line is about a host, named as {@code host} or {@code [host]:port}. */
  boolean matches(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    if (names.startsWith(HASHED)) {
      return hashMatches(lowerCase);
    }
    boolean matched = false;
    for (String pattern : names.toLowerCase(Locale.ROOT).split(",", -1)) {
      boolean negated = pattern.startsWith("!");
      if (regex(negated ? pattern.substring(1) : pattern).matcher(lowerCase).matches()) {
        if (negated) {
          return false;
        }
        matched = true;
      }
    }
    return matched;
  }

  private static Pattern regex(String wildcards) {
    StringBuilder regex = new StringBuilder();
    wildcards
        .codePoints()
        .mapToObj(Character::toString)
        .map(
            character ->
                switch (character) {
                  case "*" -> ".*";
                  case "?" -> ".";
                  default -> Pattern.quote(character);
                })
        .forEach(regex::append);
    return Pattern.compile(regex.toString());
  }

  private boolean hashMatches(String name) {
    String[] parts = names.substring(HASHED.length()).split("\\|", -1);
    if (parts.length != 2) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[0]), "HmacSHA1"));
      byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
      return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[1]));
    } catch (GeneralSecurityException | IllegalArgumentException unusable) {
      return false;
    }
  }
}
