package dev.slipway.migrations.rule;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a revision's author allows knowingly, as a comment in its file: {@code # slipway: allow
 * rows-lost because=the column was never used until=2026-12-31}.
 *
 * @param revision the revision that may break the rule
 * @param line the comment's line in its file
 * @param rule what it may break
 * @param because why
 * @param until the last day on which it counts
 */
public record Waiver(String revision, int line, Rule rule, String because, LocalDate until) {

  private static final Pattern FORM =
      Pattern.compile("allow +(?<rule>\\S+) +because=(?<because>.+?) +until=(?<until>\\S+) *");
  private static final String EXAMPLE =
      "`# slipway: allow rows-lost because=the column was never used until=2026-12-31`";

  /**
   * Reads a comment.
   *
   * @param text what stands behind {@code slipway:}
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Waiver parse(String revision, int line, String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "`slipway: "
              + text.strip()
              + "` is not understood; a waiver names a rule, a reason and a last day: "
              + EXAMPLE);
    }
    Rule rule =
        Rule.of(form.group("rule"))
            .filter(Rule::isWaivable)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no rule `"
                            + form.group("rule")
                            + "` that can be waived; these can: "
                            + String.join(", ", Rule.waivable())));
    try {
      return new Waiver(
          revision, line, rule, form.group("because"), LocalDate.parse(form.group("until")));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "`until=" + form.group("until") + "` is no day; write it as in " + EXAMPLE, e);
    }
  }

  /** Whether it allows that, on its days; what is found of no revision, any may allow. */
  public boolean covers(MigrationFinding finding) {
    return finding.rule() == rule
        && (finding.revision().isEmpty() || finding.revision().equals(revision));
  }
}
