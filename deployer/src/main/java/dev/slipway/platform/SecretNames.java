package dev.slipway.platform;

import java.util.regex.Pattern;

/** Tells by its name whether a key holds a secret. */
public final class SecretNames {

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|passwd|passphrase)|(.*[_.-])?(pwd|pass|secret|token|credentials?"
              + "|pw|(db|pg|redis|smtp|mail)pass|rediscli[_-]auth|fernet[_-]?key"
              + "|(api|private|secret|access|signing|encryption)[_-]?key|secret[_-]key[_-]base)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private SecretNames() {}

  /** Whether a key of this name holds a secret, such as {@code POSTGRES_PASSWORD}. */
  public static boolean matches(String key) {
    return SECRET.matcher(CAMEL.matcher(key).replaceAll("_")).matches();
  }
}
