package dev.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.WaitingClock;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.docker.PretendEngine;
import dev.slipway.image.ImageReference;
import dev.slipway.release.BuiltImage;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import dev.slipway.release.SuiteResult;
import dev.slipway.release.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReleaserTest {

  private static final String COMMIT = "c0ffee" + "0".repeat(34);
  private static final Verdict VERDICT =
      new Verdict(
          COMMIT,
          true,
          "",
          true,
          Map.of(
              "backend", new BuiltImage("sha256:b", "7"), "web", new BuiltImage("sha256:w", "8")),
          Optional.of("rev1"),
          List.of(new SuiteResult("test", "UnitIT", 1, 0, 0, 0)),
          Instant.EPOCH);

  private final PretendEngine pretended = new PretendEngine();
  private final DockerEngine engine = DockerEngine.connect();
  private final Releaser releaser = new Releaser(engine, Optional.empty(), new WaitingClock());
  private final List<String> progress = new ArrayList<>();

  @AfterEach
  void stop() {
    engine.close();
    pretended.close();
  }

  private ReleaseManifest propose() {
    return releaser.propose(
        VERDICT,
        COMMIT,
        Map.of(
            "backend", ImageReference.parse("localhost:5000/backend:1"),
            "web", ImageReference.parse("localhost:5000/web:1")),
        Optional.of("backend"),
        Map.of("TAG", "1"));
  }

  @Test
  void proposesWithoutPublishingAnything() {
    pretended.images.addAll(List.of("sha256:b", "sha256:w"));

    ReleaseManifest proposed = propose();

    assertThat(proposed.images())
        .containsEntry(
            "backend",
            new ReleasedImage("localhost:5000/backend", "1", Optional.empty(), "sha256:b"));
    assertThat(proposed.version()).contains("7");
    assertThat(proposed.unpublished())
        .containsExactly("localhost:5000/backend:1", "localhost:5000/web:1");
    assertThat(pretended.changes).isEmpty();
  }

  @Test
  void publishesWhatItProposed() {
    pretended.images.addAll(List.of("sha256:b", "sha256:w"));

    ReleaseManifest released = releaser.publish(propose(), progress::add);

    assertThat(pretended.changes)
        .extracting(change -> change.replaceAll(" .*", ""))
        .containsExactly(
            "sha256:b/tag",
            "localhost:5000/backend/push",
            "sha256:w/tag",
            "localhost:5000/web/push");
    assertThat(progress).contains("Pushing localhost:5000/backend:1");
    assertThat(released.unpublished()).isEmpty();
    assertThat(released.images().values())
        .extracting(ReleasedImage::pinned)
        .containsExactlyInAnyOrder(
            "localhost:5000/backend@sha256:pushed", "localhost:5000/web@sha256:pushed");
    assertThat(released.schemaRevision()).contains("rev1");
  }

  @Test
  void proposesNothingThatIsNotOnThisMachine() {
    pretended.images.add("sha256:b");

    assertThatThrownBy(this::propose)
        .hasMessage("The image of web that was proved, sha256:w, is not on this machine.");
  }

  @Test
  void movesLatestOfWhatThisMachineHas() {
    pretended.images.addAll(List.of("sha256:b", "sha256:w"));
    ReleaseManifest released = releaser.publish(propose(), progress::add);
    released.images().values().forEach(image -> pretended.images.add(image.pinned()));
    pretended.changes.clear();

    releaser.moveLatest(released, progress::add);

    assertThat(pretended.changes)
        .containsExactly(
            "localhost:5000/backend@sha256:pushed/tag repo=localhost:5000/backend&tag=latest",
            "localhost:5000/backend/push tag=latest",
            "localhost:5000/web@sha256:pushed/tag repo=localhost:5000/web&tag=latest",
            "localhost:5000/web/push tag=latest");
  }

  @Test
  void movesLatestOfWhatAnotherMachinePublished() {
    pretended.images.addAll(List.of("sha256:b", "sha256:w"));
    ReleaseManifest released = releaser.publish(propose(), progress::add);
    pretended.images.clear();
    pretended.changes.clear();

    releaser.moveLatest(released, progress::add);

    assertThat(pretended.changes)
        .extracting(change -> change.replaceAll(" .*", ""))
        .containsExactly(
            "localhost:5000/backend@sha256:pushed/pull",
            "localhost:5000/backend@sha256:pushed/tag",
            "localhost:5000/backend/push",
            "localhost:5000/web@sha256:pushed/pull",
            "localhost:5000/web@sha256:pushed/tag",
            "localhost:5000/web/push");
  }

  @Test
  void pushesToAnotherAddressUnderTheSameName() {
    pretended.images.addAll(List.of("sha256:b", "sha256:w"));
    Releaser elsewhere =
        new Releaser(
            engine,
            Optional.empty(),
            new WaitingClock(),
            name -> name.replace("localhost:5000", "localhost:40001"));

    ReleaseManifest released = elsewhere.publish(propose(), progress::add);

    assertThat(pretended.changes)
        .contains("localhost:40001/backend/push tag=1", "localhost:40001/web/push tag=1")
        .noneMatch(change -> change.startsWith("localhost:5000"));
    assertThat(released.images().values())
        .extracting(ReleasedImage::pinned)
        .containsExactlyInAnyOrder(
            "localhost:5000/backend@sha256:pushed", "localhost:5000/web@sha256:pushed");
  }

  @Test
  void proposesNothingThatNoGreenVerdictNames() {
    pretended.images.addAll(List.of("sha256:b", "sha256:w"));
    Verdict red =
        new Verdict(
            COMMIT,
            true,
            "",
            false,
            VERDICT.images(),
            VERDICT.schemaRevision(),
            VERDICT.suites(),
            VERDICT.finishedAt());
    Map<String, ImageReference> names =
        Map.of(
            "backend", ImageReference.parse("localhost:5000/backend:1"),
            "web", ImageReference.parse("localhost:5000/web:1"));

    assertThatThrownBy(() -> releaser.propose(red, COMMIT, names, Optional.of("backend"), Map.of()))
        .hasMessageContaining("is red");
  }
}
