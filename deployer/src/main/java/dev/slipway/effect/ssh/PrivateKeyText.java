package dev.slipway.effect.ssh;

import dev.slipway.SlipwayException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key's text, healed of what copying through CI variables does to it. */
final class PrivateKeyText {

  private static final Pattern ARMOR =
      Pattern.compile(
          "-----BEGIN (?<label>[A-Z0-9 ]*PRIVATE KEY)-----(?<body>.*?)-----END \\k<label>-----",
          Pattern.DOTALL);
  private static final Pattern PUBLIC =
      Pattern.compile(
          "(ssh-|ecdsa-sha2-|sk-|-----BEGIN [A-Z ]*PUBLIC KEY|---- BEGIN SSH2 PUBLIC).*",
          Pattern.DOTALL);
  private static final int LINE_LENGTH = 70;

  private PrivateKeyText() {}

  /**
   * The key with plain line ends, one final newline, and no blanks around it.
   *
   * @param text the value, its line ends already plain
   * @throws SlipwayException when there is no private key in it; the text is never shown
   */
  static String heal(String text) {
    if (text.isBlank()) {
      throw SlipwayException.refused(
          "PROD_SSH_KEY is empty.",
          "Set it to the private key that the server accepts, or to the path of its file; in"
              + " GitLab a protected variable is empty on an unprotected branch.");
    }
    if (PUBLIC.matcher(text).matches()) {
      throw SlipwayException.refused(
          "PROD_SSH_KEY holds a public key.",
          "Set it to the private key: the file of the same name without .pub, which begins with"
              + " -----BEGIN.");
    }
    if (text.startsWith("PuTTY-User-Key-File")) {
      throw SlipwayException.refused(
          "PROD_SSH_KEY holds a key in PuTTY's format.",
          "Convert it with: puttygen key.ppk -O private-openssh -o key");
    }
    Matcher armor = ARMOR.matcher(text);
    if (!armor.find()) {
      throw garbled(
          text.toUpperCase(Locale.ROOT).contains("-----BEGIN")
              ? "has no END line"
              : "has no BEGIN line");
    }
    String label = armor.group("label");
    return "-----BEGIN "
        + label
        + "-----\n"
        + body(armor.group("body"))
        + "-----END "
        + label
        + "-----\n";
  }

  static SlipwayException garbled(String how) {
    return SlipwayException.refused(
        "PROD_SSH_KEY is not a private key that can be read: it " + how + ".",
        "Set it to the whole file that ssh-keygen wrote, from -----BEGIN to -----END, as an OpenSSH"
            + " or PEM key of type ed25519, ecdsa or rsa.");
  }

  private static String body(String text) {
    if (text.contains(":")) {
      StringBuilder withHeaders = new StringBuilder();
      text.strip().lines().forEach(line -> withHeaders.append(line.strip()).append('\n'));
      return withHeaders.toString();
    }
    String packed = text.replaceAll("\\s+", "");
    StringBuilder lines = new StringBuilder();
    for (int start = 0; start < packed.length(); start += LINE_LENGTH) {
      lines.append(packed, start, Math.min(start + LINE_LENGTH, packed.length())).append('\n');
    }
    return lines.toString();
  }
}
