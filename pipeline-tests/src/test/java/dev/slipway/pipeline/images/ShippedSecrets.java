package dev.slipway.pipeline.images;

import dev.slipway.platform.Role;
import dev.slipway.platform.contract.SecretNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells what no image may hold, since whoever can pull it can read it. */
final class ShippedSecrets {

  private static final Pattern FILE =
      Pattern.compile(
          "(.*/)?(\\.env(\\.(?!example$|production$).*)?|\\.git/.*|id_(rsa|dsa|ecdsa|ed25519)|\\.npmrc"
              + "|\\.pypirc|\\.netrc|\\.docker/config\\.json)");

  /** Committed and public of a frontend alone: what it says is baked into the page. */
  private static final Pattern PRODUCTION = Pattern.compile("(.*/)?\\.env\\.production");

  private static final Pattern KEY_FILE = Pattern.compile(".*\\.(pem|key|p12|pfx)");
  private static final Pattern KEY =
      Pattern.compile("\\s*-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----");

  /** As in the file by which a service account of a cloud logs in. */
  private static final Pattern KEY_IN_JSON =
      Pattern.compile(
          "\"private_?key\"\\s*:\\s*\"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----",
          Pattern.CASE_INSENSITIVE);

  /** As builders write down the arguments that an image declares, and with which a step ran. */
  private static final Pattern ARGUMENTS =
      Pattern.compile("(?:/bin/sh -c #\\(nop\\)\\s+)?ARG\\s+(.*)|(?:RUN\\s+)?\\|\\d+\\s+(.*)");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?<!\\S)([A-Za-z_]\\w*)=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))");

  /** What a package's authors gave everybody, such as the keys of their tests. */
  private static final Pattern PUBLISHED =
      Pattern.compile("(.*/)?(site-packages|dist-packages|node_modules)/.*");

  /** What bundlers put into the page on purpose. */
  private static final Pattern PUBLIC =
      Pattern.compile("(VITE|(NEXT_|NUXT_|EXPO_)?PUBLIC|REACT_APP|VUE_APP|GATSBY)_.*");

  private static final Set<String> SWITCHES = Set.of("", "true", "false", "yes", "no", "0", "1");

  private ShippedSecrets() {}

  /** Whether a file must not lie in a layer of an image of that role. */
  static boolean isFile(Role role, String path, byte[] content) {
    return FILE.matcher(path).matches()
        || (role == Role.BACKEND && PRODUCTION.matcher(path).matches())
        || (!PUBLISHED.matcher(path).matches() && isPrivateKey(path, content));
  }

  /** Whether a file is a private key, or one of its kind that holds one. */
  static boolean isPrivateKey(String path, byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return KEY.matcher(text).lookingAt()
        || (KEY_FILE.matcher(path).matches() && text.contains("PRIVATE KEY-----"))
        || (path.endsWith(".json") && KEY_IN_JSON.matcher(text).find());
  }

  /**
   * The build arguments that are secrets by their names and values, of one instruction in the
   * history of an image.
   */
  static List<String> inHistory(String instruction) {
    Matcher arguments = ARGUMENTS.matcher(instruction);
    if (!arguments.matches()) {
      return List.of();
    }
    boolean declared = arguments.group(1) != null;
    String given =
        declared ? arguments.group(1) : arguments.group(2).replaceFirst("\\s/\\S+ -\\w+ .*", "");
    return ASSIGNMENT
        .matcher(given)
        .results()
        .filter(
            argument ->
                isVariable(argument.group(1), value(argument))
                    && CommittedSecrets.isMadeByChance(value(argument)))
        .map(argument -> argument.group(1))
        .toList();
  }

  private static String value(MatchResult assignment) {
    return Stream.of(2, 3, 4)
        .map(assignment::group)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  /** Whether a variable that an image sets is a secret; one that names a file of it is none. */
  static boolean isVariable(String name, String value) {
    return SecretNames.matches(name)
        && !name.endsWith("_FILE")
        && !PUBLIC.matcher(name).matches()
        && !SWITCHES.contains(value);
  }
}
