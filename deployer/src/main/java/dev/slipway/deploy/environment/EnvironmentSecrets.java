package dev.slipway.deploy.environment;

import dev.slipway.Secret;
import dev.slipway.platform.SecretNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secrets in variables: the values of names that say so, the passwords and tokens inside any
 * address and, in an env file, what looks like a token whatever its name.
 *
 * @see <a
 *     href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax">the
 *     syntax of env files</a>
 */
public final class EnvironmentSecrets {

  private static final int SHORTEST = 6;
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "^[ \\t]*(?:export[ \\t]+)?(?<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*[=:][ \\t]*"
              + "(?:\"(?<quoted>(?:[^\"\\\\]++|\\\\.)*+)\"|'(?<literal>[^']*)'|(?<bare>[^\\r\\n]*))",
          Pattern.MULTILINE | Pattern.DOTALL);

  private EnvironmentSecrets() {}

  /**
   * The secrets in the text of an env file. Values of fewer than 6 characters are left out: they
   * stand in so many words that a log without them could not be read.
   *
   * @param known names whose values anybody may read, such as those in the names of images
   */
  static List<Secret> in(String text, Set<String> known) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = ASSIGNMENT.matcher(text);
    while (matcher.find()) {
      String name = matcher.group("name");
      for (String value : readings(matcher)) {
        found.addAll(named(name, value));
        if (!known.contains(name)) {
          found.addAll(Credentials.likely(value));
        }
      }
    }
    return secrets(found);
  }

  /** The secrets in this process's variables, most of which are no secret at all. */
  public static List<Secret> of(Map<String, String> variables) {
    Set<String> found = new LinkedHashSet<>();
    variables.forEach((name, value) -> found.addAll(named(name, value)));
    return secrets(found);
  }

  private static Set<String> named(String name, String value) {
    Set<String> found = new LinkedHashSet<>();
    if (SecretNames.matches(name)) {
      found.add(value);
    }
    found.addAll(Credentials.inAddresses(value));
    return found;
  }

  private static List<Secret> secrets(Set<String> values) {
    return values.stream().filter(value -> value.length() >= SHORTEST).map(Secret::of).toList();
  }

  /** The value as it is written and as compose may read it. */
  private static List<String> readings(Matcher assignment) {
    String literal = assignment.group("literal");
    if (literal != null) {
      return List.of(literal);
    }
    String quoted = assignment.group("quoted");
    if (quoted != null) {
      return List.of(
          quoted,
          quoted.replace("\\n", "\n").replaceAll("\\\\(.)", "$1"),
          quoted.replace("$$", "$"));
    }
    String bare = assignment.group("bare").strip();
    String plain = bare.replaceFirst("\\s+#.*", "");
    return List.of(bare, plain, plain.replace("$$", "$"));
  }
}
