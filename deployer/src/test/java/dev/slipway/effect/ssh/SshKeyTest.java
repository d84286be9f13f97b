package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshKeyTest {

  @TempDir private static Path folder;
  private static Path ed25519;

  @BeforeAll
  static void generateOnce() {
    ed25519 = TestKeys.generate(folder, "plain", "", "-t", "ed25519");
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519, 256, RFC4716",
    "ecdsa, 256, RFC4716",
    "ecdsa, 384, PEM",
    "ecdsa, 521, PKCS8",
    "rsa, 2048, RFC4716",
    "rsa, 2048, PEM",
    "rsa, 3072, PKCS8"
  })
  void readsEveryKindWithAndWithoutPassphrase(String type, String bits, String format) {
    for (String passphrase : new String[] {"", "open sesame"}) {
      String name = String.join("-", type, bits, format, passphrase.isEmpty() ? "open" : "locked");
      Path file = TestKeys.generate(folder, name, passphrase, "-t", type, "-b", bits, "-m", format);

      SshKey key = SshKey.parse(value(TestKeys.read(file)), Optional.of(Secret.of(passphrase)));

      assertThat(key.publicKey()).isEqualTo(TestKeys.publicKey(file));
      assertThat(key.publicKey().fingerprint()).isEqualTo(TestKeys.fingerprint(file));
    }
  }

  @Test
  void healsWhatCopyingDoesToAKey() {
    String text = TestKeys.read(ed25519);

    assertThat(parse(text.replace("\n", "\r\n"))).isEqualTo(parse(text));
    assertThat(parse(text.strip())).isEqualTo(parse(text));
    assertThat(parse("  \n" + text.replace("\n", "\n   "))).isEqualTo(parse(text));
    assertThat(parse(text.replace("\n", "\\n"))).isEqualTo(parse(text));
    assertThat(parse(text.replace("\n", "\\r\\n"))).isEqualTo(parse(text));
    assertThat(parse(text.replace('\n', ' '))).isEqualTo(parse(text));
    assertThat(parse("\"" + text.replace("\n", "\\n") + "\"")).isEqualTo(parse(text));
  }

  @Test
  void readsTheBase64OfAKeyAndHidesBothForms() {
    String text = TestKeys.read(ed25519);
    String body = text.lines().skip(1).findFirst().orElseThrow();
    String base64 = base64(text);

    assertThat(base64).doesNotContain("\n");
    assertThat(parse(base64)).isEqualTo(parse(text));
    assertThat(parse("\n" + base64.replaceAll("(.{76})", "$1\n") + "\n")).isEqualTo(parse(text));
    assertThat(parse(base64(text.replace("\n", "\r\n")))).isEqualTo(parse(text));
    assertThat(SshKey.secretsIn(base64))
        .flatExtracting(Secret::spellings)
        .contains(base64, text.strip(), body);
    assertThat(SshKey.secretsIn(text)).hasSize(1);
    assertThat(SshKey.secretsIn(ed25519.toString())).containsExactly(Secret.of(text));
    assertThat(SshKey.secretsIn(folder.toString())).isEmpty();
    assertThat(SshKey.secretsIn("/no/such/key")).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithWhatTheBase64Holds() {
    assertThat(refusal(base64(TestKeys.read(Path.of(ed25519 + ".pub")))).what())
        .isEqualTo("PROD_SSH_KEY holds a public key.");
    assertGarbled(base64("swordfish"), "swordfish");
    assertGarbled(base64(TestKeys.read(ed25519)).substring(4), "BEGIN OPENSSH");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void healsALockedPemKeyWithHeaders() {
    Path file =
        TestKeys.generate(folder, "pem", "open sesame", "-t", "rsa", "-b", "2048", "-m", "PEM");
    String text = TestKeys.read(file);
    assertThat(text).contains("DEK-Info:");

    SshKey key =
        SshKey.parse(
            value(text.strip().replace("\n", "\\n")), Optional.of(Secret.of("open sesame")));

    assertThat(key.publicKey()).isEqualTo(TestKeys.publicKey(file));
  }

  @Test
  void readsTheFileThatAPathNames() {
    assertThat(parse(ed25519.toString())).isEqualTo(parse(TestKeys.read(ed25519)));
  }

  @Test
  void readsAFileThatOthersMayRead() throws Exception {
    Path file = TestKeys.generate(folder, "readable", "", "-t", "ed25519");
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(parse(file.toString()).publicKey()).isEqualTo(TestKeys.publicKey(file));
  }

  @Test
  void refusesAFolder() {
    assertThat(refusal(folder.toString()).what())
        .isEqualTo("PROD_SSH_KEY names " + folder + ", which is a folder.");
  }

  @Test
  void refusesAMissingFile() {
    SlipwayException refusal = refusal("/no/such/key");

    assertThat(refusal.what())
        .isEqualTo("PROD_SSH_KEY names the file /no/such/key, which does not exist.");
    assertThat(refusal.advice())
        .isEqualTo("Set PROD_SSH_KEY to the text itself or to the path of a file that exists.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n"})
  void refusesAnEmptyValue(String text) {
    assertThat(refusal(text).what()).isEqualTo("PROD_SSH_KEY is empty.");
  }

  @Test
  void refusesAPublicKey() {
    SlipwayException refusal = refusal(TestKeys.read(Path.of(ed25519 + ".pub")));

    assertThat(refusal.what()).isEqualTo("PROD_SSH_KEY holds a public key.");
    assertThat(refusal.advice()).contains("without .pub");
  }

  @Test
  void saysWhichVariableUnlocksALockedKey() {
    Path file = TestKeys.generate(folder, "locked", "open sesame", "-t", "ed25519");

    SlipwayException refusal = refusal(TestKeys.read(file));

    assertThat(refusal.what()).isEqualTo("PROD_SSH_KEY is locked by a passphrase.");
    assertThat(refusal.advice()).startsWith("Set PROD_SSH_KEY_PASSPHRASE to it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
  void refusesAWrongPassphrase(String format) {
    Path file =
        TestKeys.generate(
            folder, "wrong-" + format, "open sesame", "-t", "rsa", "-b", "2048", "-m", format);

    SlipwayException refusal =
        catchThrowableOfType(
            SlipwayException.class,
            () -> SshKey.parse(value(TestKeys.read(file)), Optional.of(Secret.of("guess"))));

    assertThat(refusal.what()).isEqualTo("PROD_SSH_KEY_PASSPHRASE does not unlock PROD_SSH_KEY.");
    assertThat(refusal.advice()).doesNotContain("guess");
  }

  @Test
  void refusesGarbledKeysWithoutShowingThem() {
    String text = TestKeys.read(ed25519);
    String body = text.lines().skip(1).findFirst().orElseThrow();

    assertGarbled(text.replace("-----END OPENSSH PRIVATE KEY-----", ""), body);
    assertGarbled(text.replace("-----BEGIN OPENSSH PRIVATE KEY-----", ""), body);
    assertGarbled(text.replace(body, ""), body);
    assertGarbled(text.replace(body.substring(20, 30), "AAAAAAAAAA"), body);
    assertGarbled("/" + body, body);
    assertGarbled("swordfish", "swordfish");
  }

  @Test
  void refusesAKeyWhoseSecretHalfWasAltered() {
    String text = TestKeys.read(ed25519);
    String secretLine = text.lines().skip(4).findFirst().orElseThrow();
    char altered = secretLine.charAt(10) == 'A' ? 'B' : 'A';

    assertGarbled(
        text.replace(secretLine, secretLine.substring(0, 10) + altered + secretLine.substring(11)),
        secretLine);
  }

  @Test
  void refusesPuttysFormat() {
    assertThat(refusal("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n").advice())
        .contains("puttygen");
  }

  @Test
  void neverShowsItself() {
    SshKey key = parse(TestKeys.read(ed25519));

    assertThat(key.toString())
        .isEqualTo("SshKey[" + TestKeys.fingerprint(ed25519) + " (ssh-ed25519)]");
    assertThat(key.privateKey().toString()).isEqualTo("[secret]");
  }

  private static void assertGarbled(String text, String secret) {
    SlipwayException refusal = refusal(text);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refusal.what())
        .startsWith("PROD_SSH_KEY is not a private key that can be read: it ");
    assertThat(refusal.what() + refusal.advice()).doesNotContain(secret);
  }

  private static SlipwayException refusal(String text) {
    SlipwayException refusal = catchThrowableOfType(SlipwayException.class, () -> parse(text));
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private static SshKey parse(String text) {
    return SshKey.parse(value(text), Optional.empty());
  }

  private static Secret value(String text) {
    return Secret.of(text);
  }
}
