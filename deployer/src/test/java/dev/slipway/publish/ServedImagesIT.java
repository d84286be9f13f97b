package dev.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.WaitingClock;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.ImageBuild;
import dev.slipway.effect.docker.RegistryContainer;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.image.ImageReference;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image that serves, taken for the next release, with a real registry and engine. */
@Timeout(300)
class ServedImagesIT {

  @TempDir private Path context;
  private final DockerEngine engine = DockerEngine.connect();
  private final RegistryContainer registry = engine.registry(line -> {});
  private final RegistryClient client =
      RegistryClient.of(registry.name(), engine.host(), Optional.empty());
  private final ImageReference name =
      ImageReference.parse(registry.name() + "/served-images-it/backend:0");
  private final Releaser releaser = new Releaser(engine, Optional.empty(), new WaitingClock());

  @AfterEach
  void stop() {
    for (String tag : List.of("built-1", "built-2", "built-again", "1", "2", "latest")) {
      registry.forget(name.name(), tag);
    }
    registry.close();
    engine.close();
  }

  private ImageBuild build(String tag) {
    return new ImageBuild(
        context,
        Optional.empty(),
        name.name() + ":" + tag,
        Map.of("org.opencontainers.image.revision", "7", "dev.slipway.built-from", "backend"),
        Map.of());
  }

  private String built(ImageBuild build) {
    List<Path> programs =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)).map(Path::of).toList();
    return engine.builder(new LocalProcess(), programs).build(build, line -> {});
  }

  private ReleaseManifest release(String tag, String id) {
    ReleasedImage image = new ReleasedImage(name.name(), tag, Optional.empty(), id);
    return releaser.publish(
        new ReleaseManifest(
            tag.repeat(40),
            Optional.of("7"),
            Map.of("backend", image),
            Optional.empty(),
            Map.of(),
            Instant.EPOCH,
            List.of()),
        line -> {});
  }

  private static Optional<String> digest(ReleaseManifest release) {
    return release.images().values().iterator().next().digest();
  }

  @Test
  void hasTheSameIdAndDigestInTheNextRelease() throws IOException {
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY base /\n");
    Files.writeString(context.resolve("base"), "as the registry of base images had it");
    String first = built(build("built-1"));
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.silence().isEmpty());
    ReleaseManifest release = release("1", first);
    releaser.moveLatest(release, line -> {});
    Files.writeString(context.resolve("base"), "as it has it now");
    String second = built(build("built-again"));
    assertThat(second).isNotEqualTo(first);

    String taken =
        ServedImages.of(Map.of("backend", name), client, Optional.empty())
            .take("backend", build("built-2"), engine, line -> {})
            .id()
            .orElseThrow();

    assertThat(taken).isEqualTo(first);
    assertThat(engine.imageId(build("built-2").name())).contains(first);
    assertThat(digest(release("2", taken))).isEqualTo(digest(release)).isPresent();
  }
}
