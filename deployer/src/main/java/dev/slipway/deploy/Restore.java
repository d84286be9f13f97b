package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.database.BackupFile;
import dev.slipway.deploy.database.DatabaseSwap;
import dev.slipway.deploy.database.LiveDatabase;
import dev.slipway.deploy.database.Writers;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.deploy.lock.Deployer;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.RestorePlan;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The story of a restored backup: lock, back up what is, fill a database beside it, let the two
 * change places while nobody writes, pass the gate, record; or let them change back.
 */
public final class Restore {

  private final Host host;
  private final DatabaseSwap swap;
  private final DeployLog log;
  private final Clock clock;
  private final Deployer deployer;

  /** A restore on one host; {@code deployer} is who asks. */
  public Restore(Host host, DeployLog log, Clock clock, Deployer deployer) {
    this.host = host;
    this.swap = host.database().swap();
    this.log = log;
    this.clock = clock;
    this.deployer = deployer;
  }

  /**
   * What {@link #run} would do; changes nothing.
   *
   * @param backup a backup's name, or {@code latest}
   */
  public RestorePlan plan(String backup) {
    BackupFile file = host.backups().choose(backup);
    ReleaseManifest release =
        host.history()
            .current()
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "No release serves that Slipway has deployed.",
                        "Restore by hand: docs/backup.md tells how."));
    LiveDatabase database = database();
    return new RestorePlan(
        file.name(),
        file.content(host.backups().facts(file.name())),
        file.revision(),
        database.name(),
        host.schemaRevision(),
        host.writers().services(),
        release);
  }

  private LiveDatabase database() {
    ContainerState container =
        host.database()
            .container()
            .filter(found -> found.state().equals("running"))
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "The platform's database does not run.",
                        "Start it on the server: `docker compose up -d` with its service."));
    return host.database().describe(container);
  }

  /** Carries a plan out and says how that ended. */
  public ExitCode run(RestorePlan plan) {
    Instant started = clock.instant();
    try (DeployLock lock =
        host.lock(DeployLock.Owner.of(deployer, "the backup " + plan.backup(), started))) {
      Attempt attempt = new Attempt(plan, started, database(), host.schemaRevision());
      Writers writers = host.writers();
      try {
        prepare(attempt);
        lock.requireHeld();
      } catch (SlipwayException failure) {
        log.failed(failure);
        record(attempt, Outcome.FAILED, Optional.of(failure.what()));
        return ExitCode.FAILED_OLD_VERSION_SERVING;
      }
      return Undisturbed.run(() -> change(attempt, writers));
    }
  }

  private record Attempt(
      RestorePlan plan, Instant started, LiveDatabase database, Optional<String> schema) {}

  private void prepare(Attempt attempt) {
    RestorePlan plan = attempt.plan();
    log.output("1. Backing up the database as it is.");
    Set<String> needed = new HashSet<>(host.neededBackups());
    needed.add(plan.backup());
    host.database()
        .backUpNow(attempt.database(), plan.release().commit(), attempt.schema(), needed);
    log.output("2. Restoring into " + plan.restored() + ".");
    swap.fill(
        attempt.database(),
        plan.backup(),
        host.backups().facts(plan.backup()),
        plan.restored(),
        plan.replaced());
  }

  /** Not to be cut short by an interrupt: while it goes on, nobody is served. */
  private ExitCode change(Attempt attempt, Writers writers) {
    RestorePlan plan = attempt.plan();
    try {
      host.stop(writers);
      swap.exchange(attempt.database(), plan.restored(), plan.replaced());
      host.start(writers);
      host.passGate(plan.release());
    } catch (SlipwayException failure) {
      log.failed(failure);
      return goBack(attempt, writers, failure);
    }
    record(attempt, Outcome.SERVING, Optional.empty());
    log.restored(plan);
    return ExitCode.SUCCESS;
  }

  private ExitCode goBack(Attempt attempt, Writers writers, SlipwayException failure) {
    RestorePlan plan = attempt.plan();
    try {
      if (swap.hasExchanged(attempt.database(), plan.restored())) {
        host.stop(writers);
        swap.exchange(attempt.database(), plan.replaced(), plan.restored());
      }
      host.start(writers);
      host.passGate(plan.release());
    } catch (SlipwayException again) {
      log.failed(again);
      record(attempt, Outcome.UNKNOWN, Optional.of(failure.what()));
      return ExitCode.UNKNOWN_STATE;
    }
    log.note(
        "The database is what it was before, and " + plan.release().briefCommit() + " serves.");
    record(attempt, Outcome.ROLLED_BACK, Optional.of(failure.what()));
    return ExitCode.ROLLED_BACK;
  }

  private void record(Attempt attempt, Outcome outcome, Optional<String> reason) {
    Instant now = clock.instant();
    ReleaseManifest release = attempt.plan().release();
    host.record(
        new LedgerEntry(
            now,
            Action.RESTORE,
            outcome,
            release,
            outcome == Outcome.UNKNOWN ? Optional.empty() : Optional.of(release.commit()),
            attempt.schema(),
            outcome == Outcome.UNKNOWN ? Optional.empty() : host.schemaRevision(),
            deployer.by(),
            Duration.between(attempt.started(), now).toSeconds(),
            reason.map(log::redacted),
            Optional.of(attempt.plan().backup()),
            Map.of()));
  }
}
