package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.plan.WantedServices.Course;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.ComposeFile;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.release.ReleaseManifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Decides the steps from what was observed to a wanted release; a rollback is a plan towards an
 * earlier one.
 */
public final class DeployPlanner {

  private final Composition own;
  private final BiFunction<ComposeFile, ReleaseManifest, Composition> others;
  private final BackupSettings.Mode backup;

  /** A planner for one platform. */
  public DeployPlanner(Platform platform) {
    this(
        Composition.of(platform),
        (compose, release) -> Composition.of(platform, compose, release.images().keySet()),
        platform.backup().mode());
  }

  /** A planner that knows no other compose file than the platform's. */
  DeployPlanner(Composition own, BackupSettings.Mode backup) {
    this(own, (compose, release) -> own, backup);
  }

  /**
   * @param own what the platform's compose file says
   * @param others tells what that of a release says where it is another
   */
  private DeployPlanner(
      Composition own,
      BiFunction<ComposeFile, ReleaseManifest, Composition> others,
      BackupSettings.Mode backup) {
    this.own = own;
    this.others = others;
    this.backup = backup;
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
    return plan(state, release, migration(state, release), Course.DEPLOYMENT, release);
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
        state.with(state.store().onTheWayBack()),
        release,
        Optional.empty(),
        Course.ROLLBACK,
        release);
  }

  /**
   * The plan that brings back what served before a release that failed its gate; {@code latest}
   * never left it, and no job is run. What failed goes before the gate: there is nothing better to
   * go back to.
   */
  public DeployPlan recovery(HostState state, ReleaseManifest release, ReleaseManifest failed) {
    return plan(state, release, Optional.empty(), Course.RECOVERY, failed);
  }

  /**
   * Which of these containers go because a release has failed before anything was swapped; one that
   * has ended does no harm, and its log is still wanted.
   *
   * @param before what the server was like
   * @param newcomers those of services that had none then, or that what served does not have
   */
  public List<Leftover> withdrawn(
      HostState before, ReleaseManifest failed, List<Leftover> newcomers) {
    return new Leftovers(newcomers, knownReleases(before, failed))
        .going().stream().filter(each -> !each.container().state().equals("exited")).toList();
  }

  /** Those whose images are the platform's own; what was deployed by hand names foreign ones. */
  private static List<ReleaseManifest> knownReleases(HostState state, ReleaseManifest release) {
    List<ReleaseManifest> releases = new ArrayList<>(state.store().kept());
    state.current().ifPresent(releases::add);
    releases.add(release);
    return releases;
  }

  /**
   * @param shipped the release that this run ships, to which it may be on the way back from
   */
  private DeployPlan plan(
      HostState state,
      ReleaseManifest release,
      Optional<Step.Migrate> migrate,
      Course course,
      ReleaseManifest shipped) {
    Composition composition =
        state.compose().map(compose -> others.apply(compose, release)).orElse(own);
    Leftovers leftovers = new Leftovers(state.leftovers(), knownReleases(state, shipped));
    ImageSteps images = new ImageSteps(state, release);
    List<Step> steps = new ArrayList<>();
    if (state.cutOff()) {
      steps.add(new Step.FinishSwap("an earlier run ended in the middle of it"));
    }
    steps.addAll(source(state, release));
    steps.addAll(images.bring());
    steps.addAll(checkout(state, release));
    WantedServices wanted = new WantedServices(composition, state, release, course);
    wanted.pull().ifPresent(steps::add);
    Optional<Step.StartServices> start = migrate.flatMap(step -> needed(wanted));
    start.ifPresent(steps::add);
    migrate.flatMap(step -> backUp(state)).ifPresent(steps::add);
    migrate.ifPresent(steps::add);
    Map<String, String> causes = wanted.causes();
    Set<String> renewed = new LinkedHashSet<>(causes.keySet());
    start.map(Step.StartServices::services).ifPresent(causes.keySet()::removeAll);
    Replacements replaced = new Replacements(wanted, causes);
    steps.addAll(replaced.steps());
    if (course == Course.RECOVERY) {
      replaced.retirement().ifPresent(steps::add);
      leftovers.removal(release).ifPresent(steps::add);
      steps.addAll(acceptance(release));
      return new DeployPlan(release, steps, replaced.costs());
    }
    steps.forEach(step -> refuseSeveral(step, state.several()));
    AttachmentCheck attachments =
        new AttachmentCheck(composition, state, renewed, replaced, database());
    attachments.require();
    List<String> notes = new ArrayList<>(images.notes());
    notes.addAll(attachments.notes());
    Optional<Step.RemoveServices> removal = leftovers.removal(release);
    List<String> always = new ArrayList<>(leftovers.notes(release));
    always.addAll(wanted.notes());
    if (steps.isEmpty() && removal.isEmpty() && serves(state, release)) {
      return new DeployPlan(release, List.of(), List.of(), always, Set.of());
    }
    notes.addAll(always);
    wanted.unknown().ifPresent(notes::add);
    steps.addAll(acceptance(release));
    if (state.store().roads().latest().isEmpty()) {
      steps.add(new Step.MoveLatest(release.commit(), "only now has it been seen to serve"));
    }
    replaced.retirement().ifPresent(steps::add);
    removal.ifPresent(steps::add);
    images.remove().ifPresent(steps::add);
    return new DeployPlan(release, steps, replaced.costs(), notes, wanted.mustBeWell());
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
    if (backup == BackupSettings.Mode.NONE || database().isEmpty()) {
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
    if (database().isEmpty()) {
      return "; without a backup: no service of the compose file is the database";
    }
    return backup == BackupSettings.Mode.NONE
        ? "; without a backup, as backup.mode in slipway.yml says"
        : "";
  }

  /** What is backed up: the platform's, whatever the compose file of a release says. */
  private Optional<String> database() {
    return own.service(Role.POSTGRES);
  }

  /** The database, and what else the backend depends on: its image may reach that through it. */
  private Optional<Step.StartServices> needed(WantedServices wanted) {
    Composition composition = wanted.composition();
    Set<String> needed =
        new TreeSet<>(composition.neededBy(composition.service(Role.BACKEND).stream().toList()));
    needed.removeIf(name -> wanted.isBuilt(name) || composition.way(name).ends());
    database().ifPresent(needed::add);
    List<String> missing =
        wanted.names().stream()
            .filter(needed::contains)
            .filter(name -> !running(wanted.state(), name))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Step.StartServices(
                missing, "the migrations need " + (missing.size() == 1 ? "it" : "them")));
  }

  private static boolean running(HostState state, String service) {
    ContainerState container = state.containers().get(service);
    return container != null && container.state().equals("running");
  }
}
