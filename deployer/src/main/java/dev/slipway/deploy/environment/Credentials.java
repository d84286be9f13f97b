package dev.slipway.deploy.environment;

import dev.slipway.platform.contract.SecretNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The secrets in a value that its name does not tell of. */
public final class Credentials {

  private static final Pattern USER_INFORMATION =
      Pattern.compile("://(?<user>[^:/?#@\\s]*)(?::(?<password>[^@\\s]+))?@");

  /** A word of a connection string, as of libpq: {@code host=db password=…}. */
  private static final Pattern KEYWORD =
      Pattern.compile(
          "(?:^|[\\s;])(?:password|passwd|pwd)\\s*=\\s*(?:'(?<quoted>(?:[^'\\\\]|\\\\.)*+)'|(?<bare>[^\\s;']+))",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PARAMETER =
      Pattern.compile("[?&;](?<name>[^=&;#?\\s]+)=(?<value>[^&;#\\s]+)");

  /** What issuers of tokens make: letters and digits mixed, longer than words with a number. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<![A-Za-z0-9])(?=[A-Za-z]*\\d)(?=\\d*[A-Za-z])[A-Za-z0-9]{12,}(?![A-Za-z0-9])");

  private static final Pattern BASE64 =
      Pattern.compile(
          "(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[A-Za-z0-9+_=~-][A-Za-z0-9+/_=.~-]{19,}", Pattern.DOTALL);
  private static final Pattern COMMIT_OR_DIGEST =
      Pattern.compile("[0-9a-f]{40}|(.*@)?sha256:[0-9a-f]{64}");
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]*)+");

  private Credentials() {}

  /**
   * Passwords, tokens and secret parameters inside the addresses and connection strings in a value,
   * as written and read.
   */
  public static Set<String> inAddresses(String value) {
    Set<String> found = new LinkedHashSet<>();
    Matcher user = USER_INFORMATION.matcher(value);
    while (user.find()) {
      String password = user.group("password");
      if (password != null) {
        add(password, found);
      } else if (TOKEN.matcher(user.group("user")).find()) {
        add(user.group("user"), found);
      }
    }
    Matcher keyword = KEYWORD.matcher(value);
    while (keyword.find()) {
      if (keyword.group("bare") != null) {
        found.add(keyword.group("bare"));
      } else {
        found.add(keyword.group("quoted"));
        found.add(keyword.group("quoted").replaceAll("\\\\(.)", "$1"));
      }
    }
    if (value.contains("://")) {
      Matcher parameter = PARAMETER.matcher(value);
      while (parameter.find()) {
        if (SecretNames.matches(parameter.group("name"))) {
          add(parameter.group("value"), found);
        }
      }
    }
    return found;
  }

  /**
   * What looks made by a machine to be kept secret: of an address the parts that do, else the whole
   * value. Words, numbers, names of hosts, paths, commits and digests do not.
   */
  static Set<String> likely(String value) {
    Set<String> found = new LinkedHashSet<>();
    if (COMMIT_OR_DIGEST.matcher(value).matches()) {
      return found;
    }
    if (!value.contains("://")) {
      boolean path = PATH.matcher(value).matches();
      if (TOKEN.matcher(value).find() || (!path && BASE64.matcher(value).matches())) {
        found.add(value);
      }
      return found;
    }
    Matcher token = TOKEN.matcher(value);
    while (token.find()) {
      found.add(token.group());
    }
    return found;
  }

  private static void add(String written, Set<String> found) {
    found.add(written);
    found.add(decoded(written));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
