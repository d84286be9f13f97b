package dev.slipway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The texts by which a secret can be read: as it is, line by line, and as programs write it that
 * quote, escape or encode what they print.
 */
final class Spellings {

  /** Shorter lines, and encodings of shorter values, stand in words that are no secret. */
  private static final int SHORTEST = 8;

  private static final int BITS_OF_BASE64 = 6;

  private final Set<String> all = new LinkedHashSet<>();

  private Spellings() {}

  /** All of a value's; none of a blank one. */
  static List<String> of(String value) {
    Spellings spellings = new Spellings();
    if (!value.isBlank()) {
      spellings.addEscaped(value);
      Stream.concat(Stream.of(value), value.lines().map(String::strip))
          .distinct()
          .filter(text -> text.length() >= SHORTEST)
          .forEach(
              text -> {
                spellings.addEscaped(text);
                spellings.addEncoded(text);
              });
    }
    return List.copyOf(spellings.all);
  }

  private void addEscaped(String text) {
    all.add(text);
    String json = Json.line(text);
    all.add(json.substring(1, json.length() - 1));
    all.add(text.replace("'", "'\\''")); // in single quotes, as bash's `set` does
    all.add(text.replace("'", "'\"'\"'")); // and as dash's does
    all.add(text.replaceAll("([\"$`\\\\])", "\\\\$1")); // in double quotes, as `export -p` does
    all.add(text.replace("\\", "\\\\").replace("'", "\\'")); // as Python's repr does
    all.add(text.replace("$", "$$")); // as compose's config does
    all.add(
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&#39;"));
  }

  private void addEncoded(String text) {
    String form = URLEncoder.encode(text, StandardCharsets.UTF_8);
    for (String url :
        List.of(form, form.replace("+", "%20"), form.replace("+", "%20").replace("%2F", "/"))) {
      all.add(url);
      all.add(lowerCaseEscapes(url));
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String hexadecimal = HexFormat.of().formatHex(bytes);
    all.add(hexadecimal);
    all.add(hexadecimal.toUpperCase(Locale.ROOT));
    for (int offset = 0; offset < 3; offset++) {
      all.add(base64(Base64.getEncoder(), bytes, offset));
      all.add(base64(Base64.getUrlEncoder(), bytes, offset));
    }
  }

  private static String lowerCaseEscapes(String url) {
    return java.util.regex.Pattern.compile("%[0-9A-F]{2}")
        .matcher(url)
        .replaceAll(escape -> escape.group().toLowerCase(Locale.ROOT));
  }

  /**
   * The characters that the bytes alone decide when as many others come before them, as a user's
   * name comes before the password in a header of HTTP.
   */
  private static String base64(Base64.Encoder encoder, byte[] bytes, int offset) {
    byte[] shifted = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, shifted, offset, bytes.length);
    int from = (offset * Byte.SIZE + BITS_OF_BASE64 - 1) / BITS_OF_BASE64;
    int to = shifted.length * Byte.SIZE / BITS_OF_BASE64;
    return encoder.encodeToString(shifted).substring(from, to);
  }
}
