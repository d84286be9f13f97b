package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.ImageHistory;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Looks into an image: its configuration, and every file of every layer, also those that later
 * layers delete.
 */
public final class ImageContent {

  /** Said, since the machine's own character set may be ASCII, and a layer's names need not be. */
  private static final String NAMES = "UTF-8";

  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private final DockerClient client;
  private final String image;

  ImageContent(DockerClient client, String image) {
    this.client = client;
    this.image = image;
  }

  /** The user that its processes run as; empty: root. */
  public String user() {
    return Optional.ofNullable(configuration().getUser()).orElse("");
  }

  /** Whether it has a health check of its own. */
  public boolean checksItsHealth() {
    return Optional.ofNullable(configuration().getHealthcheck())
        .map(HealthCheck::getTest)
        .filter(test -> !test.isEmpty() && !test.get(0).equals("NONE"))
        .isPresent();
  }

  /** Its labels. */
  public Map<String, String> labels() {
    return Optional.ofNullable(configuration().getLabels()).orElse(Map.of());
  }

  /** The variables that it sets, its base images' too. */
  public Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    for (String setting : Optional.ofNullable(configuration().getEnv()).orElse(new String[0])) {
      String[] pair = setting.split("=", 2);
      variables.put(pair[0], pair.length == 2 ? pair[1] : "");
    }
    return variables;
  }

  /** The instructions that made it, its base images' too, as whoever has it can read them. */
  public List<String> history() {
    return client.imageHistoryCmd(image).exec().stream()
        .map(ImageHistory::getCreatedBy)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The lowest port that it says it listens on. */
  public OptionalInt exposedPort() {
    ExposedPort[] ports = configuration().getExposedPorts();
    return ports == null
        ? OptionalInt.empty()
        : Arrays.stream(ports).mapToInt(ExposedPort::getPort).min();
  }

  private ContainerConfig configuration() {
    InspectImageResponse found = client.inspectImageCmd(image).exec();
    return Objects.requireNonNull(found.getConfig());
  }

  /**
   * Visits every regular file of every layer.
   *
   * @param visitor told the path, without a leading slash, and the first 64 MiB of the content
   */
  public void visit(BiConsumer<String, byte[]> visitor) {
    visit(client.saveImageCmd(image).exec(), visitor);
  }

  /** The same of what an engine saved. */
  static void visit(InputStream saved, BiConsumer<String, byte[]> visitor) {
    try (TarArchiveInputStream archive = new TarArchiveInputStream(saved, NAMES)) {
      for (TarArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        // Old engines save layers as <id>/layer.tar, newer ones as blobs of an OCI layout, told
        // apart by content.
        if (entry.isFile()
            && (entry.getName().endsWith("layer.tar") || entry.getName().startsWith("blobs/"))) {
          visitLayer(uncompressed(archive), visitor);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An engine that keeps images in containerd saves layers as they were compressed. */
  private static InputStream uncompressed(InputStream blob) throws IOException {
    PushbackInputStream looked = new PushbackInputStream(blob, ZSTD.length);
    byte[] first = looked.readNBytes(ZSTD.length);
    looked.unread(first);
    if (Arrays.equals(first, ZSTD)) {
      throw SlipwayException.refused(
          "A layer is compressed by zstd, into which Slipway does not look.",
          "Build with gzip, which is the default of `docker build`, and on a base image that is.");
    }
    return Arrays.equals(first, 0, Math.min(first.length, GZIP.length), GZIP, 0, GZIP.length)
        ? new GZIPInputStream(looked)
        : looked;
  }

  /** A blob that is no tar archive, such as a JSON manifest, has no entries. */
  private static void visitLayer(InputStream blob, BiConsumer<String, byte[]> visitor)
      throws IOException {
    TarArchiveInputStream layer = new TarArchiveInputStream(blob, NAMES);
    try {
      for (TarArchiveEntry entry = layer.getNextEntry();
          entry != null;
          entry = layer.getNextEntry()) {
        if (entry.isFile()) {
          visitor.accept(entry.getName().replaceFirst("^\\./", ""), layer.readNBytes(MOST_BYTES));
        }
      }
    } catch (IllegalArgumentException | IOException e) {
      if (!String.valueOf(e.getMessage()).contains("parsing")) {
        throw e;
      }
    }
  }
}
