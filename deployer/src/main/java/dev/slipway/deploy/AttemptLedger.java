package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes into the server's ledger how attempts end. */
final class AttemptLedger {

  private final Host host;
  private final PlanExecutor executor;
  private final DeployLog log;
  private final Clock clock;
  private final Deployer deployer;

  AttemptLedger(Host host, PlanExecutor executor, DeployLog log, Clock clock, Deployer deployer) {
    this.host = host;
    this.executor = executor;
    this.log = log;
    this.clock = clock;
    this.deployer = deployer;
  }

  /** That its release serves; false, and said, where that cannot be written. */
  boolean recordServing(Attempt attempt, Optional<String> reason) {
    try {
      record(attempt, Outcome.SERVING, Optional.of(attempt.release().commit()), reason);
      return true;
    } catch (SlipwayException unrecorded) {
      log.failed(unrecorded);
      log.servingIncomplete(attempt.release());
      return false;
    }
  }

  /** What serves after it, with what the schema is now. */
  void record(Attempt attempt, Outcome outcome, Optional<String> serving, Optional<String> reason) {
    host.record(schema -> entry(attempt, outcome, serving, schema, reason));
  }

  /** That nobody knows what serves; the server may be out of reach. */
  void recordUnknown(Attempt attempt, SlipwayException failure) {
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
