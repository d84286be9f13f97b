package dev.slipway.deploy;

import dev.slipway.Secret;
import dev.slipway.platform.SecretNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secrets in an env file: the values of keys whose names say so, and the passwords inside any
 * address.
 *
 * @see <a
 *     href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax">the
 *     syntax of env files</a>
 */
final class EnvironmentSecrets {

  private static final int SHORTEST = 6;
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "^[ \\t]*(?:export[ \\t]+)?(?<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*[=:][ \\t]*"
              + "(?:\"(?<quoted>(?:[^\"\\\\]++|\\\\.)*+)\"|'(?<literal>[^']*)'|(?<bare>[^\\r\\n]*))",
          Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PASSWORD_IN_ADDRESS = Pattern.compile("://[^:/?#@\\s]*:([^@\\s]+)@");

  private EnvironmentSecrets() {}

  /**
   * The secrets in the text of an env file. Values of fewer than 6 characters are left out: they
   * stand in so many words that a log without them could not be read.
   */
  static List<Secret> in(String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = ASSIGNMENT.matcher(text);
    while (matcher.find()) {
      for (String value : readings(matcher)) {
        if (SecretNames.matches(matcher.group("name"))) {
          found.add(value);
        }
        found.addAll(passwords(value));
      }
    }
    return found.stream().filter(value -> value.length() >= SHORTEST).map(Secret::of).toList();
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

  private static List<String> passwords(String value) {
    List<String> passwords = new ArrayList<>();
    Matcher matcher = PASSWORD_IN_ADDRESS.matcher(value);
    while (matcher.find()) {
      passwords.add(matcher.group(1));
      passwords.add(decoded(matcher.group(1)));
    }
    return passwords;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
