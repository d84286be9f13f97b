package dev.slipway.effect.postgres.rows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CHECK constraint, of a table or of a column's domain.
 *
 * @param name its name
 * @param columns the columns that it looks at
 * @param definition its text
 */
record CheckRule(String name, List<String> columns, String definition) {

  private static final Pattern LITERAL =
      Pattern.compile("'((?:[^']|'')*)'|(?<![\\w.'\"])-?\\d+(?:\\.\\d+)?");

  private static final Pattern LENGTH = Pattern.compile("\\{(\\d{1,3})\\}");

  CheckRule {
    columns = List.copyOf(columns);
  }

  /** The texts that it compares a column with for being equal; none when it does not. */
  List<String> allowed(String column) {
    Matcher comparison =
        Pattern.compile(
                "(?:\\b"
                    + Pattern.quote(column)
                    + "\\b|\\bVALUE\\b)\"?\\)?(?:::[a-z ]+)? = (ANY \\(+ARRAY\\[[^\\]]*\\]|'(?:[^']|'')*')")
            .matcher(definition);
    List<String> values = new ArrayList<>();
    while (comparison.find()) {
      Matcher literal = LITERAL.matcher(comparison.group(1));
      while (literal.find()) {
        if (literal.group(1) != null) {
          values.add(literal.group(1).replace("''", "'"));
        }
      }
    }
    return values.stream().distinct().toList();
  }

  /** How many signs a text must have by its patterns, such as {@code ^[a-f0-9]{64}$}. */
  List<Integer> lengths() {
    return LENGTH
        .matcher(definition)
        .results()
        .map(length -> Integer.valueOf(length.group(1)))
        .distinct()
        .toList();
  }

  /** Values that its own text suggests: what it compares with, and the neighbours of numbers. */
  List<String> suggestions() {
    List<String> values = new ArrayList<>();
    Matcher matcher = LITERAL.matcher(definition);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        values.add(matcher.group(1).replace("''", "'"));
        continue;
      }
      BigDecimal number = new BigDecimal(matcher.group());
      values.add(number.toPlainString());
      values.add(number.add(BigDecimal.ONE).toPlainString());
      values.add(number.subtract(BigDecimal.ONE).toPlainString());
    }
    return values.stream().distinct().limit(20).toList();
  }
}
