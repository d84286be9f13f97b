package dev.slipway.plan;

import dev.slipway.SlipwayException;
import dev.slipway.plan.WantedServices.Course;
import dev.slipway.platform.BackupSettings;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.release.ReleaseManifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    return plan(state, release, Course.DEPLOYMENT, release);
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
    return plan(state.with(state.store().onTheWayBack()), release, Course.ROLLBACK, release);
  }

  /**
   * The plan that brings back what served before a release that failed its gate; {@code latest}
   * never left it, and no job is run. What failed goes before the gate: there is nothing better to
   * go back to.
   */
  public DeployPlan recovery(HostState state, ReleaseManifest release, ReleaseManifest failed) {
    return plan(state, release, Course.RECOVERY, failed);
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
      HostState state, ReleaseManifest release, Course course, ReleaseManifest shipped) {
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
    Map<String, String> causes = wanted.causes();
    Set<String> renewed = new LinkedHashSet<>(causes.keySet());
    if (course == Course.DEPLOYMENT) {
      MigrationSteps migration = new MigrationSteps(own.service(Role.POSTGRES), backup, wanted);
      steps.addAll(migration.steps());
      causes.keySet().removeAll(migration.started());
    }
    Replacements replaced = new Replacements(wanted, causes);
    steps.addAll(replaced.steps());
    if (course == Course.RECOVERY) {
      replaced.retirement().ifPresent(steps::add);
      leftovers.removal(release).ifPresent(steps::add);
      steps.addAll(acceptance(release));
      return new DeployPlan(release, steps, replaced.costs());
    }
    steps.forEach(step -> SeveralContainers.refuse(step, state.several()));
    MaintenanceCheck maintenance =
        new MaintenanceCheck(state.maintenance(), own.service(Role.EDGE));
    maintenance.require(steps);
    new PostgresMajorCheck(composition, state, renewed, own.service(Role.POSTGRES)).require();
    AttachmentCheck attachments =
        new AttachmentCheck(composition, state, renewed, replaced, own.service(Role.POSTGRES));
    attachments.require();
    List<String> notes = new ArrayList<>(images.notes());
    notes.addAll(attachments.notes());
    Optional<Step.RemoveServices> removal = leftovers.removal(release);
    List<String> always = new ArrayList<>(leftovers.notes(release));
    always.addAll(wanted.notes());
    maintenance.note().ifPresent(always::add);
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
}
