package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.image.ImageLayer;
import dev.slipway.plan.ImageStore.Roads;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.Transfer;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How images come to a server and leave it. */
class ImageStepsTest {

  private static final String NAME = "registry.example:5000/shop/backend";
  private static final Optional<String> NONE = Optional.empty();

  private final DeployPlanner planner =
      new DeployPlanner(
          new Composition(
              Set.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(),
              Map.of(), Map.of()),
          BackupSettings.Mode.NONE);
  private final List<StoredImage> stored = new ArrayList<>();
  private final Map<String, List<ImageLayer>> layers = new HashMap<>();
  private final Map<String, String> present = new HashMap<>();
  private Set<String> inUse = Set.of();
  private OptionalLong free = OptionalLong.of(5_000_000_000L);
  private Roads roads = new Roads(Transfer.AUTO, NONE, NONE, NONE);
  private List<ReleaseManifest> kept = List.of(release('b'), release('c'));

  private static String hex(char digit, int times) {
    return String.valueOf(digit).repeat(times);
  }

  private static ReleasedImage image(char release) {
    return new ReleasedImage(
        NAME, hex(release, 40), Optional.of("sha256:" + hex(release, 64)), "sha256:id-" + release);
  }

  private static ReleaseManifest release(char release) {
    return new ReleaseManifest(
        hex(release, 40), NONE, Map.of("backend", image(release)), NONE, Map.of(), Instant.EPOCH);
  }

  private static StoredImage stored(char release) {
    return new StoredImage(
        image(release).id(),
        List.of(image(release).tagged()),
        List.of(image(release).pinned()),
        List.of("base", "top-" + release));
  }

  private HostState state() {
    return new HostState(
        hex('b', 40),
        Set.of(),
        Map.of(),
        List.of(),
        Map.of(),
        Map.of(),
        present,
        Map.of(),
        NONE,
        Set.of(),
        Set.of(),
        Optional.empty(),
        Differences.NONE,
        Optional.of(release('b')),
        false,
        false,
        false,
        Optional.empty(),
        false,
        false,
        new ImageStore(stored, inUse, free, layers, roads, kept));
  }

  private List<String> steps(DeployPlan plan) {
    return plan.steps().stream()
        .filter(
            step ->
                step instanceof Step.PullImage
                    || step instanceof Step.SendImage
                    || step instanceof Step.MoveLatest
                    || step instanceof Step.RemoveImages)
        .map(step -> step.what() + " (" + step.cause() + ")")
        .toList();
  }

  private List<String> deploying(char release) {
    return steps(planner.deploy(state(), release(release)));
  }

  @Test
  void pullsFromTheRegistryAndSaysHowMuch() {
    stored.add(stored('b'));
    layers.put(
        "backend",
        List.of(
            new ImageLayer("sha256:1", "base", 50_000_000),
            new ImageLayer("sha256:2", "top-a", 2_340_000)));

    assertThat(deploying('a').get(0))
        .isEqualTo(
            "pull backend " + image('a').pinned() + " (not on the server: 1 of 2 layers, 2.3 MB)");
    assertThat(planner.deploy(state(), release('a')).toString())
        .endsWith("     Disk: the images need at most 9.3 MB, 5000 MB free on the server.\n");
  }

  @Test
  void sendsThroughSshWhatAServerOutOfReachOfTheRegistryNeedsAndSaysWhy() {
    roads = new Roads(Transfer.AUTO, Optional.of("the server does not reach it"), NONE, NONE);

    assertThat(deploying('a').get(0))
        .isEqualTo(
            "send backend "
                + image('a').pinned()
                + " through SSH (not on the server; the server does not reach it)");
  }

  @Test
  void sendsThroughSshWhereThePlatformSaysSo() {
    roads = new Roads(Transfer.SSH, NONE, NONE, NONE);

    assertThat(deploying('a').get(0)).endsWith("(not on the server; as images.transfer says)");
  }

  @Test
  void refusesWhatCanComeByNoWayAndNamesIt() {
    roads =
        new Roads(
            Transfer.AUTO,
            Optional.of("the server does not reach it"),
            Optional.of("it does not answer here"),
            NONE);

    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> planner.rollback(state(), release('a')));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo(
            "Not on the server, and not to be had: the image of backend ("
                + image('a').pinned()
                + "). The server does not reach it; it does not answer here.");
  }

  @Test
  void refusesASilentRegistryWhereNothingMayGoThroughSsh() {
    roads = new Roads(Transfer.REGISTRY, Optional.of("the server does not reach it"), NONE, NONE);

    assertThatThrownBy(() -> deploying('a'))
        .hasMessageEndingWith("The server does not reach it; images.transfer is registry.");
  }

  @Test
  void refusesImagesThatDoNotFitAndCountsALayerOfTwoImagesOnce() {
    layers.put("backend", List.of(new ImageLayer("sha256:1", "x", 25_000_000)));
    layers.put("frontend", List.of(new ImageLayer("sha256:1", "x", 25_000_000)));
    free = OptionalLong.of(100_000_000);

    assertThat(deploying('a')).isNotEmpty();
    free = OptionalLong.of(99_999_999);

    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> deploying('a'));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.what())
        .isEqualTo("The images do not fit on the server's disk: they need 100 MB, 99 MB are free.");
    assertThat(refused.advice()).contains("docker image prune", "images.keep");
  }

  @Test
  void doesNotRefuseForWantOfSizes() {
    free = OptionalLong.of(1);

    assertThat(planner.deploy(state(), release('a')).notes())
        .containsExactly(
            "Disk: 0.0 MB free on the server; how much is needed for backend is not known until the"
                + " registry tells.");
  }

  @Test
  void aRollbackDoesWithoutASilentRegistry() {
    present.put(image('c').pinned(), image('c').id());
    present.put(image('c').tagged(), image('c').id());
    roads = new Roads(Transfer.AUTO, NONE, Optional.of("registry.example is silent"), NONE);

    DeployPlan back = planner.rollback(state(), release('c'));

    assertThat(steps(back)).isEmpty();
    assertThat(back.notes())
        .containsExactly("The tag :latest stays where it is: registry.example is silent.");
    assertThat(steps(planner.deploy(state(), release('c'))))
        .singleElement()
        .asString()
        .startsWith("move");
  }

  @Test
  void removesImagesOfReleasesThatAreNotKept() {
    stored.addAll(List.of(stored('a'), stored('b'), stored('c'), stored('d')));

    assertThat(deploying('a'))
        .last()
        .isEqualTo(
            "remove "
                + image('d').tagged()
                + " (neither of this release nor of the 2 before it, and no container uses them)");
  }

  @Test
  void keepsWhatAContainerUses() {
    stored.add(stored('d'));
    inUse = Set.of(image('d').id());

    assertThat(deploying('a')).noneMatch(step -> step.startsWith("remove"));
  }

  @Test
  void keepsWhatARollbackNeedsUnderWhateverNameItCame() {
    stored.add(
        new StoredImage(
            "sha256:elsewhere",
            List.of(),
            List.of("127.0.0.1:40001/shop/backend@sha256:" + hex('c', 64)),
            List.of()));

    assertThat(deploying('a')).noneMatch(step -> step.startsWith("remove"));
  }

  @Test
  void keepsWhatIsNotThePlatformsOrWasNamedByHand() {
    String digest = "@sha256:" + hex('9', 64);
    for (List<String> names :
        List.of(
            List.of("postgres:15"),
            List.of("registry.example:5000/other/backend:" + hex('d', 40)),
            List.of("shop/backend:" + hex('d', 40)),
            List.of(NAME + ":latest"),
            List.of(NAME + ":" + hex('d', 40), "keep/me:1"),
            List.<String>of())) {
      stored.add(new StoredImage("sha256:" + names, names, List.of(), List.of()));
    }
    stored.add(
        new StoredImage(
            "sha256:digest", List.of(), List.of("example.com/shop/backend" + digest), List.of()));

    assertThat(deploying('a')).noneMatch(step -> step.startsWith("remove"));
  }

  @Test
  void removesPartsThatACutLeft() {
    String part = "127.0.0.1:40001/slipway/part@sha256:" + hex('9', 64);
    stored.add(new StoredImage("sha256:part", List.of(), List.of(part), List.of()));

    assertThat(deploying('a')).last().asString().startsWith("remove " + part);
  }

  @Test
  void removesNothingOnTheWayBackFromAFailure() {
    stored.add(stored('d'));

    assertThat(planner.recovery(state(), release('a'), release('b')).steps())
        .noneMatch(Step.RemoveImages.class::isInstance);
  }

  @Test
  void needsNoWayAndNoRoomForWhatIsThere() {
    present.put(image('c').pinned(), image('c').id());
    present.put(image('c').tagged(), image('c').id());
    roads = new Roads(Transfer.SSH, NONE, Optional.of("registry.example is silent"), NONE);
    free = OptionalLong.of(0);

    assertThat(steps(planner.rollback(state(), release('c')))).isEmpty();
  }

  @Test
  void refusesToSendWhatThisMachineHasNotEither() {
    roads = new Roads(Transfer.SSH, NONE, Optional.of("registry.example is silent"), NONE);

    assertThatThrownBy(() -> deploying('a'))
        .hasMessageStartingWith("Not on the server, and not to be had: the image of backend (")
        .hasMessageEndingWith("registry.example is silent.");
  }

  @Test
  void removesWhatCameThroughSshAndIsNotKept() {
    String sent = "127.0.0.1:40001/shop/backend:" + hex('d', 40);
    stored.add(new StoredImage("sha256:sent", List.of(sent), List.of(), List.of()));

    assertThat(deploying('a')).last().asString().startsWith("remove " + sent);
  }

  @Test
  void keepsWhatOnlyLooksLikeAPart() {
    stored.add(
        new StoredImage(
            "sha256:theirs",
            List.of(),
            List.of("registry.example:5000/slipway/part@sha256:" + hex('9', 64)),
            List.of()));

    assertThat(deploying('a')).noneMatch(step -> step.startsWith("remove"));
  }

  @Test
  void keepsWhatWasSentForAnotherPlatform() {
    String theirs = "127.0.0.1:40001/other/backend:" + hex('d', 40);
    stored.add(new StoredImage("sha256:theirs", List.of(theirs), List.of(), List.of()));

    assertThat(deploying('a')).noneMatch(step -> step.startsWith("remove"));
  }
}
