package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.DeployPlanner;
import dev.slipway.plan.Leftover;
import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Optional;

/** What becomes of an attempt that failed: the old version is kept or brought back, or the new. */
final class Recovery {

  private final Host host;
  private final DeployPlanner planner;
  private final PlanExecutor executor;
  private final DeployLog log;
  private final AttemptLedger ledger;
  private final SchemaMoves schema;

  Recovery(
      Host host,
      DeployPlanner planner,
      PlanExecutor executor,
      DeployLog log,
      AttemptLedger ledger,
      SchemaMoves schema) {
    this.host = host;
    this.planner = planner;
    this.executor = executor;
    this.log = log;
    this.ledger = ledger;
    this.schema = schema;
  }

  /** Sees to it that one version serves, records that and says which. */
  ExitCode recover(Attempt attempt, SlipwayException failure) {
    try {
      return switch (executor.progress()) {
        case BEFORE_SWAP -> keepOld(attempt, failure);
        case SWAPPED -> goBack(attempt, failure);
        case GATE_PASSED -> keepNew(attempt, failure);
      };
    } catch (RuntimeException again) {
      log.failed(Deployment.told(again));
      ledger.recordUnknown(attempt, failure);
      return ExitCode.UNKNOWN_STATE;
    }
  }

  private ExitCode keepNew(Attempt attempt, SlipwayException failure) {
    letTheOldGo(attempt.plan());
    if (ledger.recordServing(attempt, Optional.of(failure.what()))) {
      log.servingIncomplete(attempt.release());
    }
    return ExitCode.SERVING_INCOMPLETE;
  }

  /** The old version must not go on working beside the one that was seen to be well. */
  private void letTheOldGo(DeployPlan plan) {
    try {
      host.retire();
      host.services().remove(plan.leftovers());
    } catch (SlipwayException left) {
      log.note("The old containers are still there: " + left.what());
    }
  }

  private ExitCode keepOld(Attempt attempt, SlipwayException failure) {
    host.checkout().restore(attempt.before().commit());
    takeAwayWhatIsNew(attempt);
    log.oldVersionServes(attempt.before().current());
    boolean moved = schema.tellIfMoved(attempt);
    ledger.record(
        attempt,
        Outcome.FAILED,
        attempt.before().releaseBefore().map(ReleaseManifest::commit),
        Optional.of(failure.what()));
    return moved ? ExitCode.ROLLED_BACK_SCHEMA_MOVED : ExitCode.FAILED_OLD_VERSION_SERVING;
  }

  /** What a swap needed before it must not go on working beside the version that serves. */
  private void takeAwayWhatIsNew(Attempt attempt) {
    Optional<ReleaseManifest> previous = attempt.before().releaseBefore();
    if (previous.isEmpty()) {
      return;
    }
    try {
      List<Leftover> withdrawn =
          planner.withdrawn(
              attempt.before(),
              attempt.release(),
              host.newcomers(attempt.before(), previous.get()));
      host.services().withdraw(withdrawn);
      log.withdrawn(withdrawn.stream().map(Leftover::service).distinct().toList(), previous.get());
    } catch (RuntimeException left) {
      log.note(
          "What "
              + attempt.release().briefCommit()
              + " has started may be there: "
              + Deployment.told(left).what());
    }
  }

  private ExitCode goBack(Attempt attempt, SlipwayException failure) {
    host.services().culprits().forEach(log::culprit);
    Optional<ReleaseManifest> previous = attempt.before().releaseBefore();
    if (previous.isEmpty()) {
      log.nothingBefore();
      ledger.record(attempt, Outcome.FAILED, Optional.empty(), Optional.of(failure.what()));
      return ExitCode.UNKNOWN_STATE;
    }
    log.rollingBack(previous.get());
    executor.execute(
        planner.recovery(host.observe(previous.get()), previous.get(), attempt.release()),
        attempt.lock()::requireHeld);
    log.rolledBack(previous.get());
    boolean moved = schema.tellIfMoved(attempt);
    ledger.record(
        attempt,
        Outcome.ROLLED_BACK,
        Optional.of(previous.get().commit()),
        Optional.of(failure.what()));
    return moved ? ExitCode.ROLLED_BACK_SCHEMA_MOVED : ExitCode.ROLLED_BACK;
  }
}
