package dev.slipway.effect.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class ImageContentTest {

  private static final byte[] MANIFEST = bytes("{\"schemaVersion\": 2, \"layers\": []}");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream archive = new TarArchiveOutputStream(bytes, "UTF-8")) {
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        archive.putArchiveEntry(entry);
        archive.write(file.getValue());
        archive.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream compressed = new GZIPOutputStream(bytes)) {
      compressed.write(content);
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> seen(Map<String, byte[]> saved) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    ImageContent.visit(
        new ByteArrayInputStream(tar(saved)),
        (path, bytes) -> seen.put(path, new String(bytes, StandardCharsets.UTF_8)));
    return seen;
  }

  @Test
  void seesTheFilesOfEachLayerHoweverItIsSaved() throws IOException {
    byte[] first = tar(Map.of("etc/first", bytes("1")));
    byte[] second = tar(Map.of("./etc/second", bytes("2")));
    byte[] third = tar(Map.of("etc/third", bytes("3")));

    assertThat(
            seen(
                Map.of(
                    "abc/layer.tar", first,
                    "blobs/sha256/b", second,
                    "blobs/sha256/c", gzip(third),
                    "blobs/sha256/d", MANIFEST,
                    "index.json", MANIFEST)))
        .isEqualTo(Map.of("etc/first", "1", "etc/second", "2", "etc/third", "3"));
  }

  @Test
  void showsLargeScriptsAsAWhole() throws IOException {
    String script = " ".repeat(9 * 1024 * 1024) + "x";

    assertThat(seen(Map.of("a/layer.tar", tar(Map.of("srv/index.js", bytes(script))))))
        .containsEntry("srv/index.js", script);
  }

  @Test
  void saysSoWhereItCannotLookIntoALayer() {
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0};

    assertThatThrownBy(() -> seen(Map.of("blobs/sha256/a", zstd)))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("zstd");
  }
}
