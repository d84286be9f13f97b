package dev.slipway.migrations.retry;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The index that a statement builds while others write, which a death may leave half made. */
final class ConcurrentIndex {

  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\s*CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?"
              + "(?:\"((?:[^\"]|\"\")+)\"|(?!ON\\b)([\\w$]+))\\s+ON\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private ConcurrentIndex() {}

  /** Its name, as the catalog has it; nothing where a statement builds none, or gives no name. */
  static Optional<String> name(String statement) {
    Matcher matcher = STATEMENT.matcher(statement);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        matcher.group(1) == null
            ? matcher.group(2).toLowerCase(Locale.ROOT)
            : matcher.group(1).replace("\"\"", "\""));
  }
}
