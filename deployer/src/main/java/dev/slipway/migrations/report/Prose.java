package dev.slipway.migrations.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence cut into what a page sets differently: code between backticks, addresses, and the
 * rest.
 *
 * @param code whether it is code
 * @param link whether it is the address of a page
 * @param text its letters, to be escaped
 */
record Prose(boolean code, boolean link, String text) {

  private static final Pattern MARKED =
      Pattern.compile("`(?<code>[^`]+)`|<(?<link>https://[^\\s<>\"]+)>");

  static List<Prose> of(String sentence) {
    List<Prose> parts = new ArrayList<>();
    Matcher marked = MARKED.matcher(sentence);
    int end = 0;
    while (marked.find()) {
      plain(parts, sentence.substring(end, marked.start()));
      String code = marked.group("code");
      parts.add(
          code == null
              ? new Prose(false, true, marked.group("link"))
              : new Prose(true, false, code));
      end = marked.end();
    }
    plain(parts, sentence.substring(end));
    return List.copyOf(parts);
  }

  private static void plain(List<Prose> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Prose(false, false, text));
    }
  }
}
