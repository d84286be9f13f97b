package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.DeployPlanner;
import dev.slipway.plan.HostState;
import dev.slipway.plan.Leftover;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
  private final Deployer deployer;

  /** A deployment to one host. */
  public Deployment(
      Host host,
      DeployPlanner planner,
      PlanExecutor executor,
      DeployLog log,
      Clock clock,
      Deployer deployer) {
    this.host = host;
    this.planner = planner;
    this.executor = executor;
    this.log = log;
    this.clock = clock;
    this.deployer = deployer;
  }

  /** Brings a release into service, or an earlier one back, and says how that ended. */
  public ExitCode run(Action action, ReleaseManifest release) {
    Instant started = clock.instant();
    host.learnSecrets();
    try (DeployLock lock =
        host.lock(DeployLock.Owner.of(deployer, release.briefCommit(), started))) {
      HostState before = host.observe(release);
      DeployPlan plan = planned(action, before, release);
      if (plan.nothingToDo()) {
        return leave(plan, before);
      }
      log.plan(plan);
      host.heedMaintenance(before, plan);
      hookBefore(action, release);
      ExitCode outcome = execute(new Attempt(action, release, before, plan, started, lock));
      return Undisturbed.run(() -> host.hooks().after(action, release, outcome));
    }
  }

  private ExitCode leave(DeployPlan plan, HostState state) {
    try {
      host.glance(plan.release(), state);
    } catch (SlipwayException unwell) {
      log.failed(unwell);
      return unwell.exitCode();
    }
    log.plan(plan);
    return ExitCode.SUCCESS;
  }

  /** The hook after undoes what the one before did, so it runs also when that one fails halfway. */
  private void hookBefore(Action action, ReleaseManifest release) {
    try {
      host.hooks().before(action, release);
    } catch (SlipwayException refusal) {
      Undisturbed.run(() -> host.hooks().after(action, release, refusal.exitCode()));
      throw refusal;
    }
  }

  /** Shows what {@link #run} would do and changes nothing. */
  public DeployPlan plan(Action action, ReleaseManifest release) {
    host.learnSecrets();
    return planned(action, host.observe(release), release);
  }

  private DeployPlan planned(Action action, HostState state, ReleaseManifest release) {
    return action == Action.DEPLOY
        ? planner.deploy(state, release)
        : planner.rollback(state, release);
  }

  private record Attempt(
      Action action,
      ReleaseManifest release,
      HostState before,
      DeployPlan plan,
      Instant started,
      DeployLock lock) {}

  private ExitCode execute(Attempt attempt) {
    Optional<SlipwayException> failure = carryOut(attempt.plan(), attempt.lock());
    failure.ifPresent(log::failed);
    // An interrupt has done its work by ending a step; what follows must not be cut short by it.
    return Undisturbed.run(() -> conclude(attempt, failure));
  }

  private ExitCode conclude(Attempt attempt, Optional<SlipwayException> failure) {
    Optional<SlipwayException> loss = attempt.lock().loss();
    if (loss.isPresent()) {
      loss.filter(told -> !failure.equals(Optional.of(told))).ifPresent(log::failed);
      return ExitCode.UNKNOWN_STATE;
    }
    return failure.map(found -> recover(attempt, found)).orElseGet(() -> succeed(attempt));
  }

  private Optional<SlipwayException> carryOut(DeployPlan plan, DeployLock lock) {
    try {
      executor.execute(plan, lock::requireHeld);
      return Optional.empty();
    } catch (RuntimeException failure) {
      return Optional.of(told(failure));
    }
  }

  /** A failure as users are told it. */
  static SlipwayException told(RuntimeException failure) {
    return failure instanceof SlipwayException known
        ? known
        : new SlipwayException(
            ExitCode.INTERNAL_ERROR,
            "Slipway itself failed: " + failure + ".",
            "Report this line and the ones before it.",
            failure);
  }

  private ExitCode succeed(Attempt attempt) {
    if (!recordServing(attempt, Optional.empty())) {
      return ExitCode.SERVING_INCOMPLETE;
    }
    log.serving(attempt.release(), Duration.between(attempt.started(), clock.instant()));
    if (attempt.action() == Action.ROLLBACK) {
      tellWhereTheSchemaIsAhead(attempt.release());
    }
    return ExitCode.SUCCESS;
  }

  private void tellWhereTheSchemaIsAhead(ReleaseManifest release) {
    Optional<String> schema = host.schemaRevision();
    if (release.schemaRevision().isPresent() && !release.schemaRevision().equals(schema)) {
      log.schemaMoved(release.schemaRevision(), schema);
      backupOf(release.schemaRevision()).ifPresent(log::wayToRestore);
    }
  }

  private ExitCode recover(Attempt attempt, SlipwayException failure) {
    try {
      return switch (executor.progress()) {
        case BEFORE_SWAP -> keepOld(attempt, failure);
        case SWAPPED -> goBack(attempt, failure);
        case GATE_PASSED -> keepNew(attempt, failure);
      };
    } catch (RuntimeException again) {
      log.failed(told(again));
      recordUnknown(attempt, failure);
      return ExitCode.UNKNOWN_STATE;
    }
  }

  private ExitCode keepNew(Attempt attempt, SlipwayException failure) {
    letTheOldGo(attempt.plan());
    if (recordServing(attempt, Optional.of(failure.what()))) {
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

  private boolean recordServing(Attempt attempt, Optional<String> reason) {
    try {
      record(attempt, Outcome.SERVING, Optional.of(attempt.release().commit()), reason);
      return true;
    } catch (SlipwayException unrecorded) {
      log.failed(unrecorded);
      log.servingIncomplete(attempt.release());
      return false;
    }
  }

  private ExitCode keepOld(Attempt attempt, SlipwayException failure) {
    host.checkout().restore(attempt.before().commit());
    takeAwayWhatIsNew(attempt);
    log.oldVersionServes(attempt.before().current());
    boolean moved = schemaMoved(attempt);
    if (moved) {
      tellThatTheSchemaMoved(attempt);
    }
    record(
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
              + told(left).what());
    }
  }

  private ExitCode goBack(Attempt attempt, SlipwayException failure) {
    host.services().culprits().forEach(log::culprit);
    Optional<ReleaseManifest> previous = attempt.before().releaseBefore();
    if (previous.isEmpty()) {
      log.nothingBefore();
      record(attempt, Outcome.FAILED, Optional.empty(), Optional.of(failure.what()));
      return ExitCode.UNKNOWN_STATE;
    }
    log.rollingBack(previous.get());
    executor.execute(
        planner.recovery(host.observe(previous.get()), previous.get(), attempt.release()),
        attempt.lock()::requireHeld);
    log.rolledBack(previous.get());
    boolean moved = schemaMoved(attempt);
    if (moved) {
      tellThatTheSchemaMoved(attempt);
    }
    record(
        attempt,
        Outcome.ROLLED_BACK,
        Optional.of(previous.get().commit()),
        Optional.of(failure.what()));
    return moved ? ExitCode.ROLLED_BACK_SCHEMA_MOVED : ExitCode.ROLLED_BACK;
  }

  private void tellThatTheSchemaMoved(Attempt attempt) {
    Optional<String> fitting = fittingSchema(attempt);
    log.schemaMoved(fitting, host.schemaRevision());
    executor
        .backup()
        .filter(taken -> attempt.before().schemaRevision().equals(fitting))
        .or(() -> backupOf(fitting))
        .ifPresent(log::wayToRestore);
  }

  /** Also when an earlier run moved it that never came to tell. */
  private boolean schemaMoved(Attempt attempt) {
    Optional<String> now = host.schemaRevision();
    return !now.equals(attempt.before().schemaRevision())
        || (now.isPresent() && !now.equals(fittingSchema(attempt)));
  }

  /** The schema on which the version before was seen to be well. */
  private Optional<String> fittingSchema(Attempt attempt) {
    return host.history().schemaWhenLastWell().or(() -> attempt.before().schemaRevision());
  }

  /** Advice, for want of which nothing that has gone well must be told otherwise. */
  private Optional<String> backupOf(Optional<String> schema) {
    try {
      return schema.flatMap(host::backupOf);
    } catch (SlipwayException unread) {
      log.note("Which backup has that schema is not known: " + unread.what());
      return Optional.empty();
    }
  }

  private void record(
      Attempt attempt, Outcome outcome, Optional<String> serving, Optional<String> reason) {
    host.record(schema -> entry(attempt, outcome, serving, schema, reason));
  }

  private void recordUnknown(Attempt attempt, SlipwayException failure) {
    try {
      host.record(
          entry(
              attempt,
              Outcome.UNKNOWN,
              Optional.empty(),
              Optional.empty(),
              Optional.of(failure.what())));
    } catch (SlipwayException unreachable) {
      log.failed(unreachable);
    }
  }

  private LedgerEntry entry(
      Attempt attempt,
      Outcome outcome,
      Optional<String> serving,
      Optional<String> schemaAfter,
      Optional<String> reason) {
    Instant now = clock.instant();
    return new LedgerEntry(
        now,
        attempt.action(),
        outcome,
        attempt.release(),
        serving,
        attempt.before().schemaRevision(),
        schemaAfter,
        deployer.by(),
        Duration.between(attempt.started(), now).toSeconds(),
        reason.map(log::redacted),
        executor.backup(),
        Map.of());
  }
}
