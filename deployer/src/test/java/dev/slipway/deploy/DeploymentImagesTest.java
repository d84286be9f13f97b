package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.ExitCode;
import dev.slipway.deploy.images.ImageSource;
import dev.slipway.effect.http.registry.PretendRegistry;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.platform.Images;
import dev.slipway.platform.Transfer;
import dev.slipway.publish.RegistrySource;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a deployment does for the images that come, and with those that go. */
@Timeout(30)
class DeploymentImagesTest extends DeploymentBench {

  DeploymentImagesTest() {
    super(COMPOSE);
  }

  @Test
  void removesImagesOfReleasesThatAreTooOldAndSaysWhatThatFreed() {
    try (PretendRegistry registry = new PretendRegistry()) {
      images = Optional.of(source(registry, new Images(Transfer.AUTO, 1)));
      deployThree();
    }

    assertThat(lines).contains("      removed 1 image, freed 0.0 MB");
  }

  private void deployThree() {
    firstServes();
    assertThat(deploy(second)).isEqualTo(ExitCode.SUCCESS);
    assertThat(server.images).containsKey("registry.example/backend:" + FIRST);
    String third = "c".repeat(40);
    server.composeFiles.put(third, compose);

    assertThat(deploy(release(third, "3", "rev1"))).isEqualTo(ExitCode.SUCCESS);

    assertThat(server.images)
        .containsKeys("registry.example/backend:" + SECOND, "registry.example/backend:" + third)
        .doesNotContainKeys(
            "registry.example/backend:" + FIRST, "registry.example/backend@sha256:digest-backend1");
  }

  @Test
  void refusesImagesThatDoNotFitBeforeAnythingIsChanged() {
    try (PretendRegistry registry = new PretendRegistry()) {
      images = Optional.of(source(registry, new Images(Transfer.AUTO, 1)));
      String digest = registry.add("x".repeat(1000));
      ReleasedImage image =
          new ReleasedImage(registry.name() + "/backend", FIRST, Optional.of(digest), "sha256:1");
      ReleaseManifest release =
          new ReleaseManifest(
              FIRST,
              Optional.of("1"),
              Map.of("backend", image),
              Optional.empty(),
              Map.of(),
              Instant.EPOCH);
      server.freeKib = 3;

      assertThatThrownBy(() -> deploy(release))
          .hasMessage(
              "The images do not fit on the server's disk: they need 0.0 MB, 0.0 MB are free.");

      assertThat(server.images).isEmpty();
      assertThat(server.lock).isEmpty();
      server.freeKib = 4;
      assertThat(deployment(Optional.empty()).plan(Action.DEPLOY, release).toString())
          .contains("not on the server: 1 of 1 layers, 0.0 MB");
    }
  }

  private static ImageSource source(PretendRegistry registry, Images wanted) {
    return new RegistrySource(
        wanted, RegistryClient.of(registry.name(), "127.0.0.1", Optional.empty()));
  }
}
