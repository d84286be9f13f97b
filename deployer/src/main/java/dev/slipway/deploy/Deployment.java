package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry.Action;
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
  private final Deployer deployer;
  private final AttemptLedger ledger;
  private final SchemaMoves schema;
  private final Recovery recovery;

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
    this.ledger = new AttemptLedger(host, executor, log, clock, deployer);
    this.schema = new SchemaMoves(host, executor, log);
    this.recovery = new Recovery(host, planner, executor, log, ledger, schema);
  }

  /** Brings a release into service, or an earlier one back, and says how that ended. */
  public ExitCode run(Action action, ReleaseManifest release) {
    return run(action, release, () -> {});
  }

  /**
   * Brings an earlier release back.
   *
   * @param known the history by which it was chosen; refused when another run has ended since
   */
  public ExitCode rollBack(ReleaseManifest release, History known) {
    return run(
        Action.ROLLBACK, release, () -> RollbackTarget.requireNothingSince(known, host.history()));
  }

  private ExitCode run(Action action, ReleaseManifest release, Runnable underLock) {
    Instant started = clock.instant();
    host.learnSecrets();
    try (DeployLock lock =
        host.lock(DeployLock.Owner.of(deployer, release.briefCommit(), started))) {
      underLock.run();
      HostState before = host.observe(release);
      DeployPlan plan = planned(action, before, release);
      if (plan.nothingToDo()) {
        return leave(plan, before);
      }
      log.plan(plan);
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
    return failure.map(found -> recovery.recover(attempt, found)).orElseGet(() -> succeed(attempt));
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
    if (!ledger.recordServing(attempt, Optional.empty())) {
      return ExitCode.SERVING_INCOMPLETE;
    }
    log.serving(attempt.release(), Duration.between(attempt.started(), clock.instant()));
    if (attempt.action() == Action.ROLLBACK) {
      schema.tellWhereAhead(attempt.release());
    }
    return ExitCode.SUCCESS;
  }
}
