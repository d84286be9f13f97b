package dev.slipway.effect.ssh;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The text of a CI variable that holds the text itself, its base64 on one line, which GitLab can
 * mask, or the path of a file with either.
 */
final class VariableText {

  private static final Pattern PATH = Pattern.compile("(/|~/|\\.{1,2}/)[^\\r\\n=+]{1,250}");

  /** So long a run of letters and digits is rather a piece of a key, which is never shown. */
  private static final Pattern KEY_MATERIAL = Pattern.compile("[A-Za-z0-9]{40}");

  /** Larger files hold no key. */
  private static final long LARGEST = 64 * 1024;

  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");
  private static final Pattern KEY_OR_HOST =
      Pattern.compile("-----BEGIN |(^|\\s)(ssh-|ecdsa-|sk-)[a-z0-9@.-]+\\s+AAAA");

  private VariableText() {}

  /** Made when there is something to say: the first logger of all takes as long as connecting. */
  private static Logger logger() {
    return LoggerFactory.getLogger(VariableText.class);
  }

  /**
   * Resolves a variable's value; line ends become {@code \n}, whether they came as CRLF or as a
   * literal backslash and n.
   */
  static String resolve(String variable, String value) {
    String text = path(value).map(file -> read(variable, file)).orElseGet(value::strip);
    return withPlainLineEnds(decoded(text).orElse(text));
  }

  /** What a value is the base64 of; empty unless that holds a key or lines of known_hosts. */
  static Optional<String> decoded(String value) {
    String packed = value.replaceAll("\\s+", "");
    if (!BASE64.matcher(packed).matches()) {
      return Optional.empty();
    }
    try {
      String text = new String(Base64.getDecoder().decode(packed), StandardCharsets.UTF_8).strip();
      return Optional.of(text).filter(found -> KEY_OR_HOST.matcher(found).find());
    } catch (IllegalArgumentException cut) {
      return Optional.empty();
    }
  }

  /** A variable's value, or what is in the file that it names; nothing where there is no such. */
  static Optional<String> readable(String value) {
    Optional<Path> path = path(value);
    if (path.isEmpty()) {
      return Optional.of(value);
    }
    try {
      return Files.isRegularFile(path.get()) && Files.size(path.get()) <= LARGEST
          ? Optional.of(new String(Files.readAllBytes(path.get()), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Warns in the log when others than the owner may read the file that a variable names. */
  static void warnWhenOthersMayRead(String variable, String value) {
    path(value).filter(Files::isRegularFile).ifPresent(file -> warnAbout(variable, file));
  }

  private static Optional<Path> path(String value) {
    String text = value.strip();
    if (!PATH.matcher(text).matches() || KEY_MATERIAL.matcher(text).find()) {
      return Optional.empty();
    }
    String home = System.getProperty("user.home", "");
    return Optional.of(Path.of(text.startsWith("~/") ? home + text.substring(1) : text));
  }

  private static void warnAbout(String variable, Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.GROUP_READ)
          || permissions.contains(PosixFilePermission.OTHERS_READ)) {
        logger().warn("{}: {} can be read by others; chmod 600 {}", variable, file, file);
      }
    } catch (IOException | UnsupportedOperationException unknown) {
      logger().debug("{}: the mode of {} is unknown", variable, file, unknown);
    }
  }

  private static String read(String variable, Path file) {
    if (Files.isDirectory(file)) {
      throw SlipwayException.refused(
          variable + " names " + file + ", which is a folder.",
          "Set " + variable + " to the text itself or to the path of the file in it.");
    }
    if (!Files.isRegularFile(file)) {
      throw SlipwayException.refused(
          variable + " names the file " + file + ", which does not exist.",
          "Set " + variable + " to the text itself or to the path of a file that exists.");
    }
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new SlipwayException(
          ExitCode.REFUSED,
          variable + " names the file " + file + ", which cannot be read.",
          "Make the file readable for the account that runs Slipway.",
          unreadable);
    }
  }

  private static String withPlainLineEnds(String text) {
    return text.replace("\\r", "").replace("\\n", "\n").replace("\r\n", "\n").replace('\r', '\n');
  }
}
