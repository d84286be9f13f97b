package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Carries out a plan step by step; it decides nothing. */
public final class PlanExecutor {

  /** How far an execution came. */
  public enum Progress {
    /** What served before still serves. */
    BEFORE_SWAP,
    /** The new version may serve, and nobody has seen it to be well. */
    SWAPPED,
    /** The new version serves and was seen to be well. */
    GATE_PASSED
  }

  private final Host host;
  private final Consumer<ReleaseManifest> latest;
  private final DeployLog log;
  private final Clock clock;
  private Optional<String> backup = Optional.empty();
  private Progress progress = Progress.BEFORE_SWAP;

  /** An executor; {@code latest} moves the registry's {@code latest} tags. */
  public PlanExecutor(Host host, Consumer<ReleaseManifest> latest, DeployLog log, Clock clock) {
    this.host = host;
    this.latest = latest;
    this.log = log;
    this.clock = clock;
  }

  /** How far the last execution came. */
  public Progress progress() {
    return progress;
  }

  /** The name of the backup that was taken on the way. */
  Optional<String> backup() {
    return backup;
  }

  /**
   * Carries out the steps; the first failure ends it, also one of {@code permission}, which is
   * asked before each.
   */
  public void execute(DeployPlan plan, Runnable permission) {
    progress = Progress.BEFORE_SWAP;
    host.standBy(plan);
    try {
      carryOut(plan, permission);
    } finally {
      host.standDown();
    }
  }

  private void carryOut(DeployPlan plan, Runnable permission) {
    Step.Visitor visitor = new Doing(plan);
    int number = 0;
    for (Step step : plan.steps()) {
      number++;
      log.stepStarted(number, plan.steps().size(), step);
      Instant started = clock.instant();
      permission.run();
      step.accept(visitor);
      log.stepFinished(number, plan.steps().size(), Duration.between(started, clock.instant()));
    }
  }

  private final class Doing implements Step.Visitor {

    private final DeployPlan plan;
    private final ReleaseManifest release;
    private final Set<String> mustBeWell;
    private final boolean swapping;

    private Doing(DeployPlan plan) {
      this.plan = plan;
      this.release = plan.release();
      this.mustBeWell = plan.mustBeWell();
      this.swapping =
          plan.steps().stream()
              .anyMatch(
                  step -> step instanceof Step.SwapServices || step instanceof Step.ReplaceEdge);
    }

    @Override
    public void fetchCommit(Step.FetchCommit step) {
      host.checkout().fetch(step.commit());
    }

    @Override
    public void pullImage(Step.PullImage step) {
      host.images().pull(step.image());
    }

    @Override
    public void sendImage(Step.SendImage step) {
      host.images().send(step.image());
    }

    @Override
    public void tagImage(Step.TagImage step) {
      host.images().tag(step.id(), step.image());
    }

    @Override
    public void pullServices(Step.PullServices step) {
      host.services().pull(release, step.services());
    }

    @Override
    public void checkout(Step.Checkout step) {
      host.checkout().moveTo(step.commit());
    }

    @Override
    public void startServices(Step.StartServices step) {
      // Where nothing is swapped, this is the release's own beginning, and has to be taken back.
      if (!swapping && step.services().stream().anyMatch(release.images()::containsKey)) {
        progress = Progress.SWAPPED;
      }
      host.services().start(release, step.services());
    }

    @Override
    public void backUp(Step.BackUp step) {
      backup = host.backUp(release, step);
    }

    @Override
    public void migrate(Step.Migrate step) {
      host.migrate(release, step);
    }

    @Override
    public void updateServices(Step.UpdateServices step) {
      boolean others = swapping && progress == Progress.BEFORE_SWAP;
      progress = Progress.SWAPPED;
      host.services().update(release, step.services(), step.unseen(), mustBeWell);
      if (others && mustBeWell.isEmpty()) {
        awaitOnTheWayBack(step.services());
      }
    }

    /**
     * What is swapped next depends on them; when they are ill, there is nothing better to go to.
     */
    private void awaitOnTheWayBack(List<String> services) {
      try {
        host.services().awaitSettled(services);
      } catch (SlipwayException ill) {
        log.note(ill.what());
      }
    }

    @Override
    public void swapServices(Step.SwapServices step) {
      host.swap(plan, step.services(), this::swapped);
    }

    @Override
    public void retireServices(Step.RetireServices step) {
      host.retire();
    }

    @Override
    public void removeServices(Step.RemoveServices step) {
      host.services().remove(step.containers());
    }

    @Override
    public void replaceEdge(Step.ReplaceEdge step) {
      host.replaceEdge(release, step.service(), this::swapped);
    }

    @Override
    public void finishSwap(Step.FinishSwap step) {
      host.finishSwap();
    }

    private void swapped() {
      progress = Progress.SWAPPED;
    }

    @Override
    public void passGate(Step.PassGate step) {
      progress = Progress.SWAPPED;
      host.passGate(release, mustBeWell);
      progress = Progress.GATE_PASSED;
    }

    @Override
    public void recordVariables(Step.RecordVariables step) {
      host.recordVariables(step.variables());
    }

    @Override
    public void moveLatest(Step.MoveLatest step) {
      latest.accept(release);
    }

    @Override
    public void removeImages(Step.RemoveImages step) {
      host.images().remove(step.images());
    }
  }
}
