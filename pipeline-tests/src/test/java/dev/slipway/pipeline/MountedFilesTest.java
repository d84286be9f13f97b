package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedFilesTest {

  @TempDir Path folder;

  @Test
  void areThoseOfTheRepositoryAndNoData() throws IOException {
    Files.writeString(folder.resolve("redis.conf"), "port 6380");
    Files.writeString(Files.createDirectory(folder.resolve("init")).resolve("1.sql"), "");
    Files.writeString(Files.createDirectory(folder.resolve("data")).resolve(".gitkeep"), "");

    assertThat(MountedFiles.of(service(), folder))
        .isEqualTo(
            Map.of(
                "/etc/redis.conf", folder.resolve("redis.conf"),
                "/docker-entrypoint-initdb.d", folder.resolve("init")));
  }

  private static ServiceSpec service() {
    ComposeFile compose =
        ComposeFile.parse(
            "docker-compose.yml",
            """
            services:
              store:
                image: store:1
                volumes:
                  - ./redis.conf:/etc/redis.conf:ro
                  - {type: bind, source: ./init, target: /docker-entrypoint-initdb.d}
                  - ./data:/data
                  - ./missing.conf:/etc/missing.conf:ro
                  - /etc/ssl:/etc/ssl:ro
                  - named:/named
            """,
            Map.of());
    return Objects.requireNonNull(compose.services().get("store"));
  }
}
