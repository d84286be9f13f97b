package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesOfTheServerTest {

  private static final String TEXT =
      """
      services:
        nginx:
          image: nginx:1.26
          volumes:
            - /etc/letsencrypt:/etc/letsencrypt:ro
            - ./nginx:/etc/nginx:ro
            - ./tls.key:/etc/nginx/tls.key:ro
            - authorities:/etc/authorities
      volumes: {authorities: }
      """;

  private final ServiceSpec edge =
      Objects.requireNonNull(
          ComposeFile.parse("compose.yml", TEXT, Map.of()).services().get("nginx"));
  private Path folder;
  private FilesOfTheServer files;

  @BeforeEach
  void begin(@TempDir Path temporary) {
    folder = temporary;
    files =
        new FilesOfTheServer(
            edge,
            temporary.resolve("sources"),
            file -> !file.endsWith("mime.types"),
            temporary.resolve("made-up"));
  }

  @Test
  void areMadeUpAsNginxMissesThem() throws IOException {
    assertThat(
            files.supply(
                "nginx: [emerg] cannot load certificate \"/etc/letsencrypt/live/shop/fullchain.pem\": BIO_new_file() failed"))
        .isTrue();
    assertThat(
            files.supply(
                "nginx: [emerg] cannot load certificate key \"/etc/nginx/tls.key\": BIO_new_file() failed"))
        .isTrue();
    assertThat(
            files.supply(
                "nginx: [emerg] BIO_new_file(\"/etc/letsencrypt/ssl-dhparams.pem\") failed (SSL: error)"))
        .isTrue();
    assertThat(
            files.supply(
                "nginx: [emerg] SSL_CTX_load_verify_locations(\"/etc/authorities/all.pem\") failed (SSL: error)"))
        .isTrue();
    assertThat(
            files.supply(
                "nginx: [emerg] open() \"/etc/nginx/conf.d/own.conf\" failed (2: No such file or directory) in /etc/nginx/nginx.conf:9"))
        .isTrue();

    assertThat(read("made-up/etc/letsencrypt/live/shop/fullchain.pem"))
        .startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(read("sources/tls.key")).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThat(read("made-up/etc/letsencrypt/ssl-dhparams.pem"))
        .startsWith("-----BEGIN DH PARAMETERS-----");
    assertThat(read("made-up/etc/authorities/all.pem"))
        .isEqualTo(read("made-up/etc/letsencrypt/live/shop/fullchain.pem"));
    assertThat(read("sources/nginx/conf.d/own.conf")).startsWith("#");
    assertThat(files.mounts())
        .isEqualTo(
            Map.of(
                "/etc/letsencrypt",
                folder.resolve("made-up/etc/letsencrypt").toString(),
                "/etc/authorities",
                folder.resolve("made-up/etc/authorities").toString()));
    List<String> places = new ArrayList<>();
    files.forEach((mount, below, text) -> places.add(mount.source().orElseThrow() + " " + below));
    assertThat(places)
        .containsExactly(
            "/etc/letsencrypt live/shop/fullchain.pem",
            "./tls.key ",
            "/etc/letsencrypt ssl-dhparams.pem",
            "authorities all.pem",
            "./nginx conf.d/own.conf");
  }

  @Test
  void areNotThoseOfTheImageNorTwiceTheSame() {
    String missing = "nginx: [emerg] cannot load certificate \"/etc/letsencrypt/a.pem\": failed";

    assertThat(files.supply("nginx: [emerg] cannot load certificate \"/srv/a.pem\": failed"))
        .isFalse();
    assertThat(
            files.supply(
                "nginx: [emerg] open() \"/etc/nginx/mime.types\" failed (2: No such file or directory)"))
        .as("git ignores it not, and so the server has it neither")
        .isFalse();
    assertThat(files.supply("nginx: [emerg] host not found in upstream \"backend\"")).isFalse();
    assertThat(files.supply(missing)).isTrue();
    assertThat(files.supply(missing)).isFalse();
  }

  @Test
  void takeThePlaceOfTheFolderThatAnEngineMakesForAMountedFile() throws IOException {
    Files.createDirectories(folder.resolve("sources/tls.key"));

    assertThat(files.supply("cannot load certificate key \"/etc/nginx/tls.key\": failed")).isTrue();

    assertThat(folder.resolve("sources/tls.key")).isRegularFile();
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }
}
