package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.DeployPlanner;
import dev.slipway.plan.HostState;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The story: lock, observe, plan, execute, pass the gate, record; or bring back what served, and
 * record that.
 */
public final class Deployment {

  private final Host host;
  private final DeployPlanner planner;
  private final PlanExecutor executor;
  private final DeployLog log;
  private final Clock clock;
  private final String by;

  /**
   * A deployment to one host; {@code by} is who asks, as user and machine or as the CI job's URL.
   */
  public Deployment(
      Host host,
      DeployPlanner planner,
      PlanExecutor executor,
      DeployLog log,
      Clock clock,
      String by) {
    this.host = host;
    this.planner = planner;
    this.executor = executor;
    this.log = log;
    this.clock = clock;
    this.by = by;
  }

  /** Brings a release into service, or an earlier one back, and says how that ended. */
  public ExitCode run(Action action, ReleaseManifest release) {
    Instant started = clock.instant();
    try (DeployLock lock = host.lock(new DeployLock.Owner(by, release.briefCommit(), started))) {
      HostState before = host.observe(release);
      DeployPlan plan =
          action == Action.DEPLOY
              ? planner.deploy(before, release)
              : planner.rollback(before, release);
      log.plan(plan);
      if (plan.nothingToDo()) {
        return ExitCode.SUCCESS;
      }
      return execute(new Attempt(action, release, before, started), plan);
    }
  }

  /** Shows what {@link #run} would do and changes nothing. */
  public DeployPlan plan(Action action, ReleaseManifest release) {
    HostState state = host.observe(release);
    return action == Action.DEPLOY
        ? planner.deploy(state, release)
        : planner.rollback(state, release);
  }

  private record Attempt(
      Action action, ReleaseManifest release, HostState before, Instant started) {}

  private ExitCode execute(Attempt attempt, DeployPlan plan) {
    try {
      executor.execute(plan);
    } catch (SlipwayException failure) {
      // An interrupt has done its work by ending the step; going back must not be interrupted by it
      // again.
      boolean interrupted = Thread.interrupted();
      ExitCode code = recover(attempt, failure);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return code;
    }
    record(attempt, Outcome.SERVING, Optional.of(attempt.release().commit()), Optional.empty());
    log.serving(attempt.release(), Duration.between(attempt.started(), clock.instant()));
    return ExitCode.SUCCESS;
  }

  private ExitCode recover(Attempt attempt, SlipwayException failure) {
    log.failed(failure);
    return switch (executor.progress()) {
      case BEFORE_SWAP -> keepOld(attempt, failure);
      case SWAPPED -> goBack(attempt, failure);
      case GATE_PASSED -> {
        record(
            attempt,
            Outcome.SERVING,
            Optional.of(attempt.release().commit()),
            Optional.of(failure.what()));
        log.serving(attempt.release(), Duration.between(attempt.started(), clock.instant()));
        yield ExitCode.SERVING_INCOMPLETE;
      }
    };
  }

  private ExitCode keepOld(Attempt attempt, SlipwayException failure) {
    host.restoreCheckout(attempt.before().commit());
    log.oldVersionServes(attempt.before().current());
    if (schemaMoved(attempt)) {
      log.schemaMoved(attempt.before().schemaRevision(), host.schemaRevision());
    }
    record(
        attempt,
        Outcome.FAILED,
        attempt.before().current().map(ReleaseManifest::commit),
        Optional.of(failure.what()));
    return ExitCode.FAILED_OLD_VERSION_SERVING;
  }

  private ExitCode goBack(Attempt attempt, SlipwayException failure) {
    host.culprits(attempt.release()).forEach(log::culprit);
    Optional<ReleaseManifest> previous = attempt.before().releaseBefore();
    if (previous.isEmpty()) {
      log.nothingBefore();
      record(attempt, Outcome.FAILED, Optional.empty(), Optional.of(failure.what()));
      return ExitCode.UNKNOWN_STATE;
    }
    log.rollingBack(previous.get());
    try {
      executor.execute(planner.recovery(host.observe(previous.get()), previous.get()));
    } catch (SlipwayException again) {
      log.failed(again);
      record(attempt, Outcome.UNKNOWN, Optional.empty(), Optional.of(failure.what()));
      return ExitCode.UNKNOWN_STATE;
    }
    log.rolledBack(previous.get());
    boolean moved = schemaMoved(attempt);
    if (moved) {
      log.schemaMoved(attempt.before().schemaRevision(), host.schemaRevision());
    }
    record(
        attempt,
        Outcome.ROLLED_BACK,
        Optional.of(previous.get().commit()),
        Optional.of(failure.what()));
    return moved ? ExitCode.ROLLED_BACK_SCHEMA_MOVED : ExitCode.ROLLED_BACK;
  }

  private boolean schemaMoved(Attempt attempt) {
    return !host.schemaRevision().equals(attempt.before().schemaRevision());
  }

  private void record(
      Attempt attempt, Outcome outcome, Optional<String> serving, Optional<String> reason) {
    Instant now = clock.instant();
    host.record(
        new LedgerEntry(
            now,
            attempt.action(),
            outcome,
            attempt.release(),
            serving,
            attempt.before().schemaRevision(),
            host.schemaRevision(),
            by,
            Duration.between(attempt.started(), now).toSeconds(),
            reason));
  }
}
