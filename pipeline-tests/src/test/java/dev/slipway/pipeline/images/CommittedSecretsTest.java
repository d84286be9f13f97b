package dev.slipway.pipeline.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommittedSecretsTest {

  /** Put together here, so that no file of this repository looks like a key. */
  private static final String KEY = "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQ\n";

  private static final String ISSUED = "sk_" + "live_51H8abcDEFghiJKLmnoPQRstu";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "config/certs/privkey.pem, true",
    "nginx/server.key, true",
    "deploy/id_ed25519, true",
    "backend/tests/data/server.key, false",
    "nginx/dev/server.key, false",
    "certs/localhost-key.pem, false",
    "backend/app/signing.py, false"
  })
  void knowsAPrivateKeyButForThoseOfTests(String path, boolean secret) {
    assertThat(CommittedSecrets.isWorthALook(path) && CommittedSecrets.isKey(path, bytes(KEY)))
        .isEqualTo(secret);
  }

  @Test
  void letsCertificatesPublicKeysAndEncryptedKeysAlone() {
    for (String kind : new String[] {"CERTIFICATE", "PUBLIC KEY", "ENCRYPTED PRIVATE KEY"}) {
      assertThat(CommittedSecrets.isKey("a.pem", bytes("-----BEGIN " + kind + "-----\nMIIEvQ\n")))
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "backend/.env, SECRET_KEY=9f3c2a7b41d84e55a0c6e1f7b2d394, SECRET_KEY",
    "backend/.env, SMTP_PASSWORD=hunter2hunter2, SMTP_PASSWORD",
    "config/api.env, SMTP_PASSWORD=hunter2hunter2, SMTP_PASSWORD",
    ".env.example, SECRET_KEY=9f3c2a7b41d84e55a0c6e1f7b2d3948c, SECRET_KEY",
    ".env.example, SMTP_PASSWORD=hunter2hunter2,",
    ".env.example, SECRET_KEY=changethis,",
    ".env.example, SECRET_KEY=insecure-4f1d9a7b2c3e8f6a5d4c3b2a,",
    "backend/.env, SECRET_KEY=,",
    "backend/.env, POSTGRES_PASSWORD=postgres,",
    "backend/.env, SECRET_KEY=${KEY_OF_2026},",
    "backend/.env, 'SECRET_KEY=ENC[AES256_GCM,data:9f3c2a7b,iv:41d84e55]',",
    "backend/.env.test, SECRET_KEY=a1b2c3d4e5f6,",
    "backend/tests/.env, SECRET_KEY=9f3c2a7b41d84e55a0c6e1f7b2d394,",
    "frontend/.env, VITE_MAPS_API_KEY=9f3c2a7b41d84e55a0c6e1f7b2d394,",
    "frontend/.env, VITE_API_URL=http://localhost:8000,",
    "backend/app/settings.py, SECRET_KEY=9f3c2a7b41d84e55a0c6e1f7b2d394,"
  })
  void knowsWhatAnEnvFileHoldsByNameAndValue(String path, String text, String name) {
    assertThat(CommittedSecrets.in(path, bytes(text)))
        .isEqualTo(name == null ? List.of() : List.of(name));
  }

  @Test
  void knowsATokenOfItsIssuerByAnyName() {
    assertThat(CommittedSecrets.in(".env.example", bytes("STRIPE=" + ISSUED)))
        .containsExactly("STRIPE");
  }

  @ParameterizedTest
  @CsvSource({
    "SMTP_PASSWORD=simple, true, SMTP_PASSWORD",
    "SMTP_PASSWORD=simple, false,",
    "DATABASE_URL=postgresql://app:simple@db/app, true, DATABASE_URL",
    "REDIS_URL=redis://redis:6379/0, true,",
    "POSTGRES_PASSWORD_FILE=/run/secrets/password, true,"
  })
  void takesEverySecretOfAFileInUse(String text, boolean used, String name) {
    assertThat(CommittedSecrets.inUse(bytes(text), variable -> used))
        .isEqualTo(name == null ? List.of() : List.of(name));
  }
}
