package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * The private key that opens the server, checked to be readable before anybody connects.
 *
 * @param privateKey its text, healed
 * @param passphrase what unlocks it; empty when it is not locked
 * @param publicKey its public half
 */
public record SshKey(Secret privateKey, Optional<Secret> passphrase, PublicKey publicKey)
    implements SshIdentity {

  private static final String VARIABLE = "PROD_SSH_KEY";
  private static final byte[] SAMPLE = "slipway".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads a key from a variable's value.
   *
   * @param valueOrPath the key itself, in OpenSSH or PEM form, its base64, or the path of a file
   *     with either
   * @param passphrase what unlocks it, if it is locked
   * @throws SlipwayException when it is missing, public, locked or garbled; the key is never shown
   */
  public static SshKey parse(Secret valueOrPath, Optional<Secret> passphrase) {
    VariableText.warnWhenOthersMayRead(VARIABLE, valueOrPath.reveal());
    String text = PrivateKeyText.heal(VariableText.resolve(VARIABLE, valueOrPath.reveal()));
    Optional<Secret> unlocking = passphrase.filter(secret -> !secret.reveal().isEmpty());
    KeyPair pair = load(text);
    try {
      boolean locked = pair.isEncrypted();
      if (locked) {
        unlock(pair, unlocking);
      }
      return new SshKey(
          Secret.of(text), locked ? unlocking : Optional.empty(), checkedPublicKey(pair));
    } finally {
      pair.dispose();
    }
  }

  /** Reads a key from the value of another variable than {@code PROD_SSH_KEY}. */
  public static SshKey parse(String variable, Secret valueOrPath, Optional<Secret> passphrase) {
    try {
      return parse(valueOrPath, passphrase);
    } catch (SlipwayException refusal) {
      throw SlipwayException.refused(
          named(variable, refusal.what()), named(variable, refusal.advice()));
    }
  }

  /** Words about another key; a file's passphrase comes from the same variable nevertheless. */
  private static String named(String variable, String text) {
    return variable.equals(variable.toUpperCase(Locale.ROOT))
        ? text.replace(VARIABLE, variable)
        : text.replaceAll(VARIABLE + "(?!_)", Matcher.quoteReplacement(variable));
  }

  @Override
  public void offerTo(JSch library) throws JSchException {
    library.addIdentity(
        VARIABLE,
        privateKey.reveal().getBytes(StandardCharsets.US_ASCII),
        publicKey.bytes(),
        passphrase.map(secret -> secret.reveal().getBytes(StandardCharsets.UTF_8)).orElse(null));
  }

  @Override
  public String described() {
    return "the key " + publicKey;
  }

  @Override
  public String authorizedKey() {
    return publicKey.line();
  }

  /** Whether the key in a file asks for a passphrase; false when it cannot be read. */
  public static boolean isLocked(Path file) {
    try {
      KeyPair pair = KeyPair.load(new JSch(), Files.readAllBytes(file), null);
      boolean locked = pair.isEncrypted();
      pair.dispose();
      return locked;
    } catch (JSchException | IOException | RuntimeException unreadable) {
      return false;
    }
  }

  /**
   * What of a variable's value must not be shown; of a file what is in it, but not its path, which
   * is no secret.
   */
  public static List<Secret> secretsIn(String valueOrPath) {
    return VariableText.readable(valueOrPath).stream()
        .flatMap(text -> Stream.concat(Stream.of(text), VariableText.decoded(text).stream()))
        .map(Secret::of)
        .toList();
  }

  private static KeyPair load(String text) {
    try {
      return KeyPair.load(new JSch(), text.getBytes(StandardCharsets.US_ASCII), null);
    } catch (JSchException | RuntimeException unreadable) {
      throw PrivateKeyText.garbled("is cut, altered or of an unknown kind");
    }
  }

  private static void unlock(KeyPair pair, Optional<Secret> passphrase) {
    if (passphrase.isEmpty()) {
      throw SlipwayException.refused(
          "PROD_SSH_KEY is locked by a passphrase.",
          "Set PROD_SSH_KEY_PASSPHRASE to it, or use a key without one, made for deployments"
              + " alone.");
    }
    boolean unlocked;
    try {
      unlocked = pair.decrypt(passphrase.get().reveal().getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException wrong) {
      unlocked = false;
    }
    if (!unlocked) {
      throw SlipwayException.refused(
          "PROD_SSH_KEY_PASSPHRASE does not unlock PROD_SSH_KEY.",
          "Check it with: ssh-keygen -y -f the-key-file");
    }
  }

  /** Signs and verifies a sample, so that a key that was altered inside is found here. */
  private static PublicKey checkedPublicKey(KeyPair pair) {
    try {
      byte[] signature = pair.getSignature(SAMPLE);
      var verifier = pair.getVerifier();
      if (signature != null && verifier != null) {
        verifier.update(SAMPLE);
        if (verifier.verify(signature)) {
          return PublicKey.of(pair.getPublicKeyBlob());
        }
      }
    } catch (Exception unusable) {
      throw PrivateKeyText.garbled("is cut, altered or of an unknown kind");
    }
    throw PrivateKeyText.garbled("does not fit its own public half");
  }

  /** Fingerprint and type; the key itself is never shown. */
  @Override
  public String toString() {
    return "SshKey[" + publicKey + "]";
  }
}
