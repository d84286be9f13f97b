package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.image.ImageReference;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.ServiceOrder;
import dev.slipway.platform.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides the steps from what was observed to a wanted release; a rollback is a plan towards an
 * earlier one.
 */
public final class DeployPlanner {

  private final List<String> services;
  private final Map<String, String> foreignImages;
  private final Map<String, String> sharers;
  private final Optional<String> postgres;
  private final BackupSettings.Mode backup;
  private final Map<String, Replacement> replacements;

  /** A planner for one platform. */
  public DeployPlanner(Platform platform) {
    this(
        ServiceOrder.of(platform.compose()),
        platform.foreignImages(),
        platform.sharers(),
        platform.service(Role.POSTGRES).map(ServiceSpec::name),
        platform.backup().mode(),
        Replacement.of(platform));
  }

  DeployPlanner(
      List<String> services,
      Map<String, String> foreignImages,
      Map<String, String> sharers,
      Optional<String> postgres,
      BackupSettings.Mode backup,
      Map<String, Replacement> replacements) {
    this.services = List.copyOf(services);
    this.foreignImages = Map.copyOf(foreignImages);
    this.sharers = Map.copyOf(sharers);
    this.postgres = postgres;
    this.backup = backup;
    this.replacements = Map.copyOf(replacements);
  }

  /**
   * The plan that brings a release into service, with its migrations.
   *
   * @throws SlipwayException when it is older than the one that serves: an old pipeline's job that
   *     is run again must not take back what was shipped since
   */
  public DeployPlan deploy(HostState state, ReleaseManifest release) {
    state
        .current()
        .filter(current -> state.older())
        .ifPresent(
            current -> {
              throw older(release.briefCommit(), current.briefCommit());
            });
    return plan(state, release, migration(state, release), Course.DEPLOYMENT);
  }

  private static SlipwayException older(String wanted, String current) {
    return SlipwayException.refused(
        "Commit " + wanted + " is older than " + current + ", which serves.",
        "To go back run `slipway rollback --to "
            + wanted
            + "`; to ship, deploy a commit that contains "
            + current
            + ".");
  }

  /**
   * The plan that brings an earlier release back; the schema stays as it is, and no job is run: it
   * has done its work for that release, and may not be fit for what has come since.
   */
  public DeployPlan rollback(HostState state, ReleaseManifest release) {
    return plan(
        state.with(state.store().onTheWayBack()), release, Optional.empty(), Course.ROLLBACK);
  }

  /**
   * The plan that brings back what served before a release that failed its gate; {@code latest}
   * never left it, and no job is run. What failed goes before the gate: there is nothing better to
   * go back to.
   */
  public DeployPlan recovery(HostState state, ReleaseManifest release) {
    return plan(state, release, Optional.empty(), Course.RECOVERY);
  }

  private enum Course {
    DEPLOYMENT,
    ROLLBACK,
    RECOVERY
  }

  private DeployPlan plan(
      HostState state, ReleaseManifest release, Optional<Step.Migrate> migrate, Course course) {
    ImageSteps images = new ImageSteps(state, release);
    List<Step> steps = new ArrayList<>();
    if (state.cutOff()) {
      steps.add(new Step.FinishSwap("an earlier run ended in the middle of it"));
    }
    steps.addAll(source(state, release));
    steps.addAll(images.bring());
    steps.addAll(checkout(state, release));
    List<String> wanted = wanted(state, course);
    steps.addAll(foreignImages(wanted, state, release));
    Optional<Step.StartServices> start = migrate.flatMap(step -> needed(state));
    start.ifPresent(steps::add);
    migrate.flatMap(step -> backUp(state)).ifPresent(steps::add);
    migrate.ifPresent(steps::add);
    Map<String, String> causes = causes(wanted, state, release);
    start.map(Step.StartServices::services).ifPresent(causes.keySet()::removeAll);
    Replacements replaced =
        new Replacements(replacements, state, causes, later(wanted, state, release, course));
    steps.addAll(replaced.steps());
    if (course == Course.RECOVERY) {
      replaced.retirement().ifPresent(steps::add);
      steps.addAll(acceptance(release));
      return new DeployPlan(release, steps, replaced.costs());
    }
    steps.forEach(step -> refuseSeveral(step, state.several()));
    if (steps.isEmpty() && serves(state, release)) {
      return new DeployPlan(release, List.of());
    }
    steps.addAll(acceptance(release));
    if (state.store().roads().latest().isEmpty()) {
      steps.add(new Step.MoveLatest(release.commit(), "only now has it been seen to serve"));
    }
    replaced.retirement().ifPresent(steps::add);
    images.remove().ifPresent(steps::add);
    return new DeployPlan(
        release,
        steps,
        replaced.costs(),
        images.notes(),
        mustBeWell(wanted, state, release, course));
  }

  /**
   * The services that must be well in the end: not jobs, and not what was ill before and is not
   * changed. On the way back none: there is nothing better to go back to.
   */
  private Set<String> mustBeWell(
      List<String> wanted, HostState state, ReleaseManifest release, Course course) {
    return wanted.stream()
        .filter(service -> course == Course.DEPLOYMENT && !way(service).ends())
        .filter(service -> !wasIll(service, state) || isNew(service, state, release))
        .collect(Collectors.toSet());
  }

  /** One that crashes again and again runs for a moment in between. */
  private static boolean wasIll(String service, HostState state) {
    ContainerState container = state.containers().get(service);
    return container != null && (container.illness().isPresent() || container.restarts() > 0);
  }

  /** An earlier run that was cut short may have brought it already. */
  private boolean isNew(String service, HostState state, ReleaseManifest release) {
    return change(service, state, release).isPresent()
        || state
            .current()
            .filter(
                current ->
                    !image(service, current)
                        .map(ReleasedImage::id)
                        .equals(image(service, release).map(ReleasedImage::id)))
            .isPresent();
  }

  /**
   * One more container finds no room beside several: compose would make none.
   *
   * @throws SlipwayException when the step would try
   */
  private static void refuseSeveral(Step step, Map<String, List<String>> several) {
    List<String> swapped =
        step instanceof Step.SwapServices swap
            ? swap.services()
            : step instanceof Step.ReplaceEdge edge ? List.of(edge.service()) : List.of();
    for (String service : swapped) {
      List<String> names = several.getOrDefault(service, List.of());
      if (!names.isEmpty()) {
        throw SlipwayException.refused(
            "Service "
                + service
                + " has several containers, though its compose file wants one: "
                + String.join(", ", names)
                + ".",
            severalAdvice(service, names));
      }
    }
  }

  /** What to do where a service has several containers of which its compose file knows nothing. */
  public static String severalAdvice(String service, List<String> names) {
    String spare = String.join(" ", names.subList(1, names.size()));
    return "Keep one: `docker stop "
        + spare
        + " && docker rm "
        + spare
        + "`. Or write `scale: "
        + names.size()
        + "` to "
        + service
        + " in the compose file: then compose replaces them in place.";
  }

  private static List<Step> acceptance(ReleaseManifest release) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.PassGate(release.version(), "nothing ships that was not seen to serve"));
    if (!release.variables().isEmpty()) {
      steps.add(
          new Step.RecordVariables(
              release.variables(), "so that the team's own compose commands start this release"));
    }
    return steps;
  }

  private static boolean serves(HostState state, ReleaseManifest release) {
    return !state.unfinished()
        && state.current().map(ReleaseManifest::commit).equals(Optional.of(release.commit()));
  }

  private static List<Step> source(HostState state, ReleaseManifest release) {
    return state.commits().contains(release.commit())
        ? List.of()
        : List.of(new Step.FetchCommit(release.commit(), "not in the server's repository"));
  }

  private static List<Step> checkout(HostState state, ReleaseManifest release) {
    return state.commit().equals(release.commit())
        ? List.of()
        : List.of(
            new Step.Checkout(
                release.commit(), "the checkout is at " + ReleaseManifest.brief(state.commit())));
  }

  private Optional<Step.Migrate> migration(HostState state, ReleaseManifest release) {
    if (release.schemaRevision().isEmpty()
        || release.schemaRevision().equals(state.schemaRevision())) {
      return Optional.empty();
    }
    String cause =
        state
            .schemaRevision()
            .map(revision -> "the database is at " + revision)
            .orElse("the database is empty");
    return Optional.of(
        new Step.Migrate(
            state.schemaRevision(), release.schemaRevision().get(), cause + withoutBackup()));
  }

  /** A database whose revision is not known may hold rows all the same. */
  private Optional<Step.BackUp> backUp(HostState state) {
    if (backup == BackupSettings.Mode.NONE || postgres.isEmpty()) {
      return Optional.empty();
    }
    String cause =
        state
            .schemaRevision()
            .map(revision -> "the migration changes what is at " + revision)
            .orElse("if it holds anything: no revision tells");
    String release = state.current().map(ReleaseManifest::commit).orElse(state.commit());
    return Optional.of(new Step.BackUp(release, state.schemaRevision(), backup, cause));
  }

  private String withoutBackup() {
    if (postgres.isEmpty()) {
      return "; without a backup: no service of the compose file is the database";
    }
    return backup == BackupSettings.Mode.NONE
        ? "; without a backup, as backup.mode in slipway.yml says"
        : "";
  }

  private Optional<Step.StartServices> needed(HostState state) {
    return postgres
        .filter(name -> !running(state, name))
        .map(name -> new Step.StartServices(List.of(name), "the migrations need it"));
  }

  private Map<String, String> causes(
      List<String> wanted, HostState state, ReleaseManifest release) {
    Map<String, String> causes = new LinkedHashMap<>();
    wanted.forEach(
        service -> why(service, state, release).ifPresent(cause -> causes.put(service, cause)));
    return causes;
  }

  /**
   * Those of a new release's services that have a container which is to become another. One that
   * does not run waits for the swap: if that does not go well, nothing of what was there is
   * replaced. What they depend on does not wait, and on the way back nothing does.
   */
  private Set<String> later(
      List<String> wanted, HostState state, ReleaseManifest release, Course course) {
    return wanted.stream()
        .filter(service -> course == Course.DEPLOYMENT && image(service, release).isPresent())
        .filter(service -> state.containers().containsKey(service))
        .filter(service -> change(service, state, release).isPresent())
        .collect(Collectors.toSet());
  }

  /**
   * The wanted release may be older than the platform's compose file and lack some services. Jobs
   * are of a deployment alone.
   */
  private List<String> wanted(HostState state, Course course) {
    return services.stream()
        .filter(state.described()::contains)
        .filter(service -> course == Course.DEPLOYMENT || !way(service).ends())
        .toList();
  }

  private Replacement way(String service) {
    return replacements.getOrDefault(service, Replacement.IN_PLACE);
  }

  private Optional<String> why(String service, HostState state, ReleaseManifest release) {
    ContainerState container = state.containers().get(service);
    if (container == null) {
      return Optional.of("no container");
    }
    if (!container.state().equals("running") && !(way(service).ends() && container.done())) {
      return Optional.of("is " + container.state());
    }
    return change(service, state, release).or(() -> unfinished(service, container));
  }

  private Optional<String> unfinished(String service, ContainerState container) {
    return way(service).way() == Replacement.Way.AWAITED && !container.done()
        ? Optional.of("others wait until it has ended")
        : Optional.empty();
  }

  private Optional<String> change(String service, HostState state, ReleaseManifest release) {
    Optional<ReleasedImage> image = image(service, release);
    ContainerState container = state.containers().get(service);
    if (container != null
        && image.isPresent()
        && !container.imageId().equals(state.images().get(image.get().pinned()))) {
      return Optional.of("image changed");
    }
    if (state.reconfigured().contains(service)) {
      return Optional.of("its part of the compose file changed");
    }
    if (state.refilled().contains(service)) {
      return Optional.of("what it mounts or reads its variables from changed");
    }
    return Optional.empty();
  }

  private Optional<ReleasedImage> image(String service, ReleaseManifest release) {
    return Optional.ofNullable(release.images().get(service))
        .or(() -> Optional.ofNullable(sharers.get(service)).map(release.images()::get));
  }

  private List<Step> foreignImages(List<String> wanted, HostState state, ReleaseManifest release) {
    List<String> missing =
        wanted.stream()
            .filter(service -> image(service, release).isEmpty())
            .filter(
                service ->
                    !state.containers().containsKey(service)
                        || state.reconfigured().contains(service))
            .filter(service -> !hasForeignImage(service, state))
            .toList();
    return missing.isEmpty()
        ? List.of()
        : List.of(new Step.PullServices(missing, "not on the server"));
  }

  private boolean hasForeignImage(String service, HostState state) {
    return Optional.ofNullable(foreignImages.get(service))
        .map(image -> state.images().containsKey(ImageReference.parse(image).listed()))
        .orElse(false);
  }

  private static boolean running(HostState state, String service) {
    ContainerState container = state.containers().get(service);
    return container != null && container.state().equals("running");
  }
}
