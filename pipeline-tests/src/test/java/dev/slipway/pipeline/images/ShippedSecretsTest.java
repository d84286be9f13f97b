package dev.slipway.pipeline.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.Role;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedSecretsTest {

  /** Put together here, so that no file of this repository looks like a key. */
  private static final String KEY = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3Blbn\n";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "BACKEND, srv/backend/.env, true",
    "BACKEND, srv/backend/.env.local, true",
    "BACKEND, srv/backend/.env.production, true",
    "FRONTEND, srv/.env.production, false",
    "BACKEND, srv/backend/.env.example, false",
    "EDGE, root/.netrc, true",
    "EDGE, root/.docker/config.json, true",
    "EDGE, etc/docker/config.json, false",
    "BACKEND, srv/.git/config, true",
    "BACKEND, srv/app/environment.py, false"
  })
  void knowsFilesByTheirNames(Role role, String path, boolean secret) {
    assertThat(ShippedSecrets.isFile(role, path, bytes("text"))).isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "srv/deploy_key, true",
    "etc/nginx/server.key, true",
    "usr/local/lib/python3.11/site-packages/tornado/test/test.key, false",
    "srv/node_modules/agent/test/key.pem, false"
  })
  void knowsKeysByWhatTheyAreButForThoseThatPackagesGiveEverybody(String path, boolean secret) {
    assertThat(ShippedSecrets.isFile(Role.BACKEND, path, bytes(KEY))).isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "srv/docs/keys.md, A key begins with -----BEGIN, false",
    "etc/nginx/bundle.pem, certificate first, true"
  })
  void looksForAKeyBehindOtherTextInKeyFilesAlone(String path, String before, boolean secret) {
    assertThat(ShippedSecrets.isFile(Role.EDGE, path, bytes(before + "\n" + KEY)))
        .isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "srv/app/account.json, '{\"type\": \"service_account\", \"private_key\": \"%s\"}', true",
    "srv/app/account.json, '{\"public_key\": \"%s\"}', false",
    "srv/app/account.txt, '{\"private_key\": \"%s\"}', false",
    "usr/lib/node_modules/jwk/test.json, '{\"private_key\": \"%s\"}', false"
  })
  void knowsTheKeyOfAServiceAccount(String path, String text, boolean secret) {
    assertThat(ShippedSecrets.isFile(Role.BACKEND, path, bytes(text.formatted(KEY))))
        .isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource({
    "ARG PIP_INDEX_TOKEN=a1b2c3d4e5f6, PIP_INDEX_TOKEN",
    "/bin/sh -c #(nop)  ARG PIP_INDEX_TOKEN=a1b2c3d4e5f6, PIP_INDEX_TOKEN",
    "RUN |2 APP_VERSION=1 PIP_INDEX_TOKEN=a1b2c3d4e5f6 /bin/sh -c pip install . # buildkit, PIP_INDEX_TOKEN",
    "|1 PIP_INDEX_TOKEN=a1b2c3d4e5f6 /bin/sh -c pip install ., PIP_INDEX_TOKEN",
    "ARG PIP_INDEX_TOKEN,",
    "ARG PIP_INDEX_TOKEN=,",
    "ARG SECRET_KEY=only-for-collectstatic,",
    "ARG APP_VERSION=a1b2c3d4e5f6,",
    "|1 APP_VERSION=1 /bin/sh -c API_TOKEN=a1b2c3d4e5f6 ./build,",
    "RUN /bin/sh -c pip install . # buildkit,"
  })
  void knowsBuildArgumentsInTheHistory(String instruction, String name) {
    assertThat(ShippedSecrets.inHistory(instruction))
        .isEqualTo(name == null ? List.of() : List.of(name));
  }

  @ParameterizedTest
  @CsvSource({
    "SECRET_KEY, made-up, true",
    "POSTGRES_PASSWORD, made-up, true",
    "POSTGRES_PASSWORD_FILE, /run/secrets/password, false",
    "VITE_MAPS_API_KEY, public, false",
    "SECRET_KEY, '', false",
    "PYTHONPATH, /srv, false"
  })
  void knowsVariablesByTheirNames(String name, String value, boolean secret) {
    assertThat(ShippedSecrets.isVariable(name, value)).isEqualTo(secret);
  }
}
