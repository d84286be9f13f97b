package dev.slipway.pipeline.images;

import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.EnvironmentVariable.Quotes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Tells which files of a repository hold secrets; none of them ever stands in what it says. */
final class CommittedSecrets {

  private static final Pattern ENV_FILE = Pattern.compile("\\.env(\\..*)?|.*\\.env");
  private static final Pattern KEY_FILE =
      Pattern.compile(".*\\.(pem|key|p12|pfx|json)|id_(rsa|dsa|ecdsa|ed25519)|[^.]*");

  /** Words in the paths of what is for tests, examples and the own machine. */
  private static final Set<String> HARMLESS =
      Set.of(
          "test",
          "tests",
          "testing",
          "testdata",
          "fixture",
          "fixtures",
          "spec",
          "specs",
          "e2e",
          "mock",
          "mocks",
          "example",
          "examples",
          "sample",
          "samples",
          "docs",
          "demo",
          "dev",
          "development",
          "local",
          "localhost",
          "ci",
          "dummy",
          "fake",
          "snakeoil");

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");

  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "change|replace|example|sample|your|secret|passw|placeholder|insecure|dummy|fake|test|dev|local"
              + "|default|todo|xxx|token|1234|\\*\\*|^<");

  /** As their issuers mark those that open something. */
  private static final Pattern ISSUED =
      Pattern.compile(
          "(sk|rk)_live_\\w{16,}|gl(pat|dt|rt|ptt|soat)-[\\w-]{20,}|gh[pousr]_\\w{36,}|github_pat_\\w{60,}"
              + "|dckr_(pat|oat)_[\\w-]{20,}|npm_\\w{36,}|pypi-AgE[\\w-]{50,}|xox[abprs]-\\d{8}.*"
              + "|SG\\.[\\w-]{20,}\\.[\\w-]{20,}");

  /**
   * Left there by sops, ansible-vault, git-crypt and dotenvx, and of use to nobody without a key.
   */
  private static final Pattern ENCRYPTED =
      Pattern.compile("ENC\\[.*|encrypted:.*|\\$ANSIBLE_VAULT.*", Pattern.DOTALL);

  private static final Pattern URL_PASSWORD =
      Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s:/@]*:[^\\s/@$]+@.*", Pattern.CASE_INSENSITIVE);

  private CommittedSecrets() {}

  /** Whether a file may hold secrets, by its name. */
  static boolean isWorthALook(String path) {
    return isEnvFile(path) || KEY_FILE.matcher(name(path)).matches();
  }

  private static boolean isEnvFile(String path) {
    return ENV_FILE.matcher(name(path)).matches();
  }

  /** Whether a file is a private key that is in use, and not one for tests. */
  static boolean isKey(String path, byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return !isHarmless(path)
        && ShippedSecrets.isPrivateKey(path, content)
        && !text.contains("ENCRYPTED");
  }

  /** The secrets in an env file that no service of the compose file reads, by their names. */
  static List<String> in(String path, byte[] content) {
    if (!isEnvFile(path) || isHarmless(parent(path))) {
      return List.of();
    }
    int shortest = isHarmless(name(path)) ? 24 : 8;
    return names(
        content,
        variable ->
            isIssued(variable)
                || (isSecret(variable) && isMadeByChance(variable.value(), shortest)));
  }

  /**
   * The secrets in an env file that services of the compose file read, by their names.
   *
   * @param isUsed whether a variable's value is the one that a service gets
   */
  static List<String> inUse(byte[] content, Predicate<EnvironmentVariable> isUsed) {
    return names(
        content,
        variable ->
            isIssued(variable)
                || ((isSecret(variable) || URL_PASSWORD.matcher(variable.value()).matches())
                    && isUsed.test(variable)));
  }

  private static List<String> names(byte[] content, Predicate<EnvironmentVariable> isSecret) {
    String text = new String(content, StandardCharsets.UTF_8);
    return EnvironmentVariable.in(text).stream()
        .filter(variable -> !ENCRYPTED.matcher(variable.value()).matches())
        .filter(isSecret)
        .map(EnvironmentVariable::name)
        .toList();
  }

  private static boolean isSecret(EnvironmentVariable variable) {
    String value = variable.value().strip();
    return ShippedSecrets.isVariable(variable.name(), value)
        && (variable.quotes() == Quotes.SINGLE || !value.contains("$"));
  }

  private static boolean isIssued(EnvironmentVariable variable) {
    return ISSUED.matcher(variable.value().strip()).matches();
  }

  /** Whether a value is no placeholder, such as one that a build needs and nothing that runs. */
  static boolean isMadeByChance(String value) {
    return ISSUED.matcher(value).matches() || isMadeByChance(value, 8);
  }

  /** Whether nobody would write such a text to stand for another. */
  private static boolean isMadeByChance(String value, int shortest) {
    return value.length() >= shortest
        && value.matches("(?=.*\\d)(?=.*[A-Za-z])\\S+")
        && value.chars().distinct().count() > 5
        && !PLACEHOLDER.matcher(value.toLowerCase(Locale.ROOT)).find();
  }

  private static boolean isHarmless(String path) {
    return BETWEEN_WORDS.splitAsStream(path.toLowerCase(Locale.ROOT)).anyMatch(HARMLESS::contains);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String parent(String path) {
    return Optional.ofNullable(Path.of(path).getParent()).map(Path::toString).orElse("");
  }
}
