package dev.slipway.pipeline.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A secret that is planted to be looked for.
 *
 * @param name where it is planted, such as the name of a variable
 * @param value the whole value
 * @param cores parts of the value of letters and digits, or of base64, that exist nowhere else;
 *     quoting and escaping leave them as they are
 */
public record Canary(String name, String value, List<String> cores) {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  private static final int LENGTH = 24;

  /** Validates and copies. */
  public Canary {
    cores = List.copyOf(cores);
    for (String core : cores) {
      if (core.length() < CanarySearch.SHORTEST || !value.contains(core)) {
        throw new IllegalArgumentException(name + " cannot be known by one of its parts");
      }
    }
  }

  /** A new one: 24 random letters and digits, in a value of this form, with {@code %s} for them. */
  public static Canary in(String name, String form) {
    String core =
        "c4"
            + IntStream.range(2, LENGTH)
                .map(index -> ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    return new Canary(name, form.replace("%s", core), List.of(core));
  }

  /** A secret that somebody else made, such as a password. */
  public static Canary of(String name, String value) {
    return new Canary(name, value, List.of(value));
  }

  /** The texts by which it can be known, by what has been done to it. */
  Map<String, Set<String>> forms() {
    Map<String, Set<String>> forms = new TreeMap<>();
    for (String core : cores) {
      byte[] plain = core.getBytes(StandardCharsets.UTF_8);
      add(forms, "plain", core);
      add(forms, "backwards", new StringBuilder(core).reverse().toString());
      add(forms, "hexadecimal", HexFormat.of().formatHex(plain));
      add(forms, "hexadecimal", HexFormat.of().formatHex(plain).toUpperCase(Locale.ROOT));
      add(forms, "URL-encoded", "%" + HexFormat.ofDelimiter("%").formatHex(plain));
      String encoded = URLEncoder.encode(core, StandardCharsets.UTF_8);
      if (!encoded.equals(core)) {
        add(forms, "URL-encoded", encoded);
      }
      for (int offset = 0; offset < 3; offset++) {
        add(forms, "base64 at offset " + offset, base64(Base64.getEncoder(), plain, offset));
        add(forms, "base64 at offset " + offset, base64(Base64.getUrlEncoder(), plain, offset));
      }
    }
    return forms;
  }

  private static void add(Map<String, Set<String>> forms, String form, String text) {
    forms.computeIfAbsent(form, any -> new TreeSet<>()).add(text);
  }

  /**
   * What stays the same of a text's base64 whatever comes before it, {@code offset} bytes of it.
   */
  private static String base64(Base64.Encoder encoder, byte[] text, int offset) {
    byte[] moved = new byte[offset + text.length];
    System.arraycopy(text, 0, moved, offset, text.length);
    int whole = moved.length / 3 * 4;
    return encoder.encodeToString(moved).substring(offset == 0 ? 0 : 4, whole);
  }
}
