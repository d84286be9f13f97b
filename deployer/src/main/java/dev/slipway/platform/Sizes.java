package dev.slipway.platform;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes such as {@code 500MB} or {@code 5GB}, in steps of 1024 as PostgreSQL counts. */
final class Sizes {

  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8}) ?(MB|GB|TB)");
  private static final Map<String, Integer> SHIFT = Map.of("MB", 20, "GB", 30, "TB", 40);

  private Sizes() {}

  /** The size in bytes, or nothing if {@code text} is none. */
  static Optional<Long> parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int shift = SHIFT.getOrDefault(matcher.group(2), 0);
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(number << shift).filter(bytes -> bytes >> shift == number);
  }
}
