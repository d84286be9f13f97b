package dev.slipway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

  @TempDir private Path folder;

  @Test
  void copyLinksAsLinks() throws IOException {
    Path source = folder.resolve("source");
    Folders.write(source.resolve("shared/settings.py"), "x = 1\n");
    Files.createSymbolicLink(source.resolve("common"), Path.of("shared"));
    Files.createSymbolicLink(source.resolve("settings.py"), Path.of("shared/settings.py"));
    Files.createSymbolicLink(source.resolve("lost"), Path.of("nowhere"));
    Path copy = folder.resolve("copy");

    Folders.copy(source, copy);
    Folders.copy(source, copy);

    assertThat(copy.resolve("common/settings.py")).hasContent("x = 1\n");
    assertThat(Files.readSymbolicLink(copy.resolve("settings.py")))
        .isEqualTo(Path.of("shared/settings.py"));
    assertThat(Files.readSymbolicLink(copy.resolve("lost"))).isEqualTo(Path.of("nowhere"));
  }
}
