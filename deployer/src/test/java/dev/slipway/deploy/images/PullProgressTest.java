package dev.slipway.deploy.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PullProgressTest {

  private static final Map<String, Long> LAYERS =
      Map.of(
          "sha256:" + "a".repeat(64), 29_000_000L,
          "sha256:" + "b".repeat(64), 3_000_000L,
          "sha256:" + "c".repeat(64), 1_000_000L);

  private final List<String> told = new ArrayList<>();
  private final PullProgress progress = new PullProgress(LAYERS, told::add);

  /** As Docker Engine 20.10 prints it to a pipe. */
  private static final String PRINTED =
      """
      registry.example/backend@sha256:0000: Pulling from backend
      aaaaaaaaaaaa: Already exists
      bbbbbbbbbbbb: Pulling fs layer
      cccccccccccc: Pulling fs layer
      cccccccccccc: Waiting
      bbbbbbbbbbbb: Verifying Checksum
      bbbbbbbbbbbb: Download complete
      bbbbbbbbbbbb: Pull complete
      cccccccccccc: Pull complete
      Digest: sha256:0000
      Status: Downloaded newer image for registry.example/backend@sha256:0000
      """;

  @Test
  void countsEachLayerOnceAndNoneThatWasThere() {
    PRINTED.lines().forEach(progress);

    assertThat(told).containsExactly("3.0 of 4.0 MB have come", "4.0 of 4.0 MB have come");
  }

  @Test
  void saysNothingOfLayersThatItDoesNotKnow() {
    new PullProgress(Map.of(), told::add).accept("bbbbbbbbbbbb: Pull complete");

    assertThat(told).isEmpty();
  }
}
