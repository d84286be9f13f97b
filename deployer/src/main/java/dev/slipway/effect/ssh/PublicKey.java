package dev.slipway.effect.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key as SSH writes it on the wire.
 *
 * @param type the name of its algorithm, for instance {@code ssh-ed25519}
 * @param base64 its bytes, as they stand in {@code known_hosts} and {@code authorized_keys}
 */
public record PublicKey(String type, String base64) {

  private static final Pattern LINE =
      Pattern.compile("\\s*((?:ssh|ecdsa|sk)-\\S+)[ \\t]+([A-Za-z0-9+/=]+)");

  /**
   * Reads the bytes of a key.
   *
   * @throws IllegalArgumentException when they are no key
   */
  static PublicKey of(byte[] bytes) {
    if (bytes.length < Integer.BYTES) {
      throw new IllegalArgumentException("too short for a key");
    }
    int length = ByteBuffer.wrap(bytes).getInt();
    if (length < 1 || length > bytes.length - Integer.BYTES) {
      throw new IllegalArgumentException("not a key");
    }
    byte[] type = Arrays.copyOfRange(bytes, Integer.BYTES, Integer.BYTES + length);
    return new PublicKey(
        new String(type, StandardCharsets.US_ASCII), Base64.getEncoder().encodeToString(bytes));
  }

  /** The key in a file as {@code ssh-keygen} writes the public half; empty when there is none. */
  public static Optional<PublicKey> in(Path file) {
    try {
      Matcher line = LINE.matcher(Files.readString(file));
      return line.lookingAt()
          ? Optional.of(new PublicKey(line.group(1), line.group(2)))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The fingerprint as {@code ssh-keygen -l} prints it. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes());
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  byte[] bytes() {
    return Base64.getDecoder().decode(base64);
  }

  /** The line for {@code authorized_keys}, or for {@code known_hosts} after a host's name. */
  public String line() {
    return type + " " + base64;
  }

  /** Fingerprint and type, as error messages show a key. */
  @Override
  public String toString() {
    return fingerprint() + " (" + type + ")";
  }
}
