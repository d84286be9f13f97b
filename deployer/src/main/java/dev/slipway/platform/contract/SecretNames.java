package dev.slipway.platform.contract;

import java.util.regex.Pattern;

/** Tells by its name whether a key holds a secret. */
public final class SecretNames {

  private static final Pattern SECRET =
      Pattern.compile(
          "(.*(password|passwd|passphrase)s?|(.*[_.-])?(pwd|pass|secrets?|token|credentials?"
              + "|(api|access|auth|refresh|bot)[_-]?tokens"
              + "|pw|(db|pg|redis|smtp|mail)pass|rediscli[_-]auth|fernet[_-]?keys?"
              + "|(api|private|secret|access|signing|encryption|auth|jwt)[_-]?keys?"
              + "|secret[_-]key[_-]base))"
              + "([_.-]?v?\\d+|[_.-](old|new|previous|current|next|primary|secondary|legacy|backup"
              + "|fallback|default|live|test|dev|staging|prod|production))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private SecretNames() {}

  /** Whether a key of this name holds a secret, such as {@code POSTGRES_PASSWORD}. */
  public static boolean matches(String key) {
    return SECRET.matcher(CAMEL.matcher(key).replaceAll("_")).matches();
  }
}
