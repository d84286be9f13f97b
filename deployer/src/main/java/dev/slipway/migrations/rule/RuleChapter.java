package dev.slipway.migrations.rule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docs/migration-rules.md} says of one rule, each part on one line.
 *
 * @param what what it catches: the first paragraph
 * @param why why that matters
 * @param fix what to do about it
 */
public record RuleChapter(String what, String why, String fix) {

  private static final Pattern CHAPTER =
      Pattern.compile(
          "(?ms)^## (?<rule>\\S+)\\n(?<what>.+?)\\n(?:\\n.+?\\n)?\\*\\*Why\\.\\*\\* (?<why>.+?)\\n\\*\\*Fix\\.\\*\\* (?<fix>.+?)(?=\\n## |\\z)");
  private static final Map<Rule, RuleChapter> ALL = read();

  /** The chapter of a rule. */
  public static RuleChapter of(Rule rule) {
    return Objects.requireNonNull(ALL.get(rule), () -> "no chapter about " + rule);
  }

  private static Map<Rule, RuleChapter> read() {
    Map<Rule, RuleChapter> chapters = new EnumMap<>(Rule.class);
    Matcher chapter = CHAPTER.matcher(page());
    while (chapter.find()) {
      RuleChapter found =
          new RuleChapter(part(chapter, "what"), part(chapter, "why"), part(chapter, "fix"));
      Rule.of(chapter.group("rule")).ifPresent(rule -> chapters.put(rule, found));
    }
    if (chapters.size() != Rule.values().length) {
      throw new IllegalStateException(
          "migration-rules.md lacks a chapter: it has " + chapters.keySet());
    }
    return chapters;
  }

  private static String part(Matcher chapter, String name) {
    return String.join(
            " ", Arrays.stream(chapter.group(name).split("\\n", -1)).map(String::strip).toList())
        .strip();
  }

  private static String page() {
    try (InputStream page = RuleChapter.class.getResourceAsStream("migration-rules.md")) {
      return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
