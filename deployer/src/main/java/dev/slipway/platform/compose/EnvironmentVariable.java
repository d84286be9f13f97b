package dev.slipway.platform.compose;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A variable in the text of an env file.
 *
 * @param name its name
 * @param written its value as written, without the quotes around it
 * @param quotes what stands around its value
 * @see <a
 *     href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax">the
 *     syntax of env files</a>
 */
public record EnvironmentVariable(String name, String written, Quotes quotes) {

  /** What may stand around a value. */
  public enum Quotes {
    /** {@code "}: a backslash takes the next character for itself, or makes a line end of n. */
    DOUBLE,
    /** {@code '}: the value stands for itself. */
    SINGLE,
    /** Nothing: it ends before a {@code #} that follows a space. */
    NONE
  }

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "^[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*[=:][ \\t]*"
              + "(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|'([^']*)'|([^\\r\\n]*))",
          Pattern.MULTILINE | Pattern.DOTALL);

  /** Those of a text, in its order; editors on Windows put a byte order mark before it. */
  public static List<EnvironmentVariable> in(String text) {
    return ASSIGNMENT
        .matcher(text.replaceFirst("^\\uFEFF", ""))
        .results()
        .map(EnvironmentVariable::of)
        .toList();
  }

  /**
   * The values by name, with the other variables in them resolved.
   *
   * @param others variables of compose itself, which go before those of the text
   */
  public static Map<String, String> values(String text, Map<String, String> others) {
    Map<String, String> values = new LinkedHashMap<>();
    for (EnvironmentVariable variable : in(text)) {
      Map<String, String> known = new HashMap<>(values);
      known.putAll(others);
      values.put(variable.name(), variable.resolved(known));
    }
    return values;
  }

  private String resolved(Map<String, String> known) {
    if (quotes == Quotes.SINGLE) {
      return value();
    }
    try {
      return Template.parse(value()).resolve(known);
    } catch (IllegalArgumentException e) {
      return value();
    }
  }

  private static EnvironmentVariable of(MatchResult assignment) {
    String name = assignment.group(1);
    if (assignment.group(2) != null) {
      return new EnvironmentVariable(name, assignment.group(2), Quotes.DOUBLE);
    }
    return assignment.group(3) != null
        ? new EnvironmentVariable(name, assignment.group(3), Quotes.SINGLE)
        : new EnvironmentVariable(name, assignment.group(4).strip(), Quotes.NONE);
  }

  /** Its value as compose reads it, but for other variables in it. */
  public String value() {
    return switch (quotes) {
      case SINGLE -> written;
      case DOUBLE -> written.replace("\\n", "\n").replaceAll("\\\\(.)", "$1");
      case NONE -> written.replaceFirst("\\s+#.*", "");
    };
  }
}
