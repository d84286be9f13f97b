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
    return plan(
        file.name(), file.content(host.backups().facts(file.name())), file.revision(), database());
  }

  private RestorePlan plan(
      String backup, String content, Optional<String> revision, LiveDatabase database) {
    ReleaseManifest release =
        host.history()
            .current()
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "No release serves that Slipway has deployed.",
                        "Restore by hand: docs/backup.md tells how."));
    Writers writers = host.writers();
    return new RestorePlan(
        backup,
        content,
        revision,
        database.name(),
        host.schemaRevision(),
        swap.names(database),
        writers.services(),
        writers.stopped(),
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
                        "Start its service on the server, with the platform's compose file (`up -d`)."));
    return host.database().describe(container);
  }

  /**
   * Carries a plan out and says how that ended.
   *
   * @throws SlipwayException when the server is not what the plan was made for; nothing was changed
   */
  public ExitCode run(RestorePlan plan) {
    Instant started = clock.instant();
    try (DeployLock lock =
        host.lock(DeployLock.Owner.of(deployer, "the backup " + plan.backup(), started))) {
      Attempt attempt = begin(plan, started, lock);
      Optional<SlipwayException> failure = prepare(attempt);
      return Undisturbed.run(
          () -> failure.map(found -> keep(attempt, found)).orElseGet(() -> change(attempt)));
    }
  }

  /**
   * @param writers what is started again in the end
   */
  private record Attempt(
      RestorePlan plan, Instant started, DeployLock lock, LiveDatabase database, Writers writers) {}

  private Attempt begin(RestorePlan plan, Instant started, DeployLock lock) {
    if (host.isSwapCutOff()) {
      throw SlipwayException.refused(
          "A deployment was cut off while containers were replaced, and a new one that nobody has proved may be there.",
          "Run `slipway deploy` or `slipway rollback`, which brings that to an end, then restore again.");
    }
    LiveDatabase database = database();
    RestorePlan now = plan(plan.backup(), plan.content(), plan.revision(), database);
    Optional<String> outdated = plan.outdatedBy(now);
    if (outdated.isPresent()) {
      throw SlipwayException.refused(
          outdated.get(), "Run it again and read the new plan; nothing was changed.");
    }
    return new Attempt(now, started, lock, database, host.writers());
  }

  private Optional<SlipwayException> prepare(Attempt attempt) {
    RestorePlan plan = attempt.plan();
    try {
      log.output("1. Backing up the database as it is.");
      host.database()
          .backUpNow(
              attempt.database(),
              plan.release().commit(),
              plan.schema(),
              host.neededBackups().and(plan.backup()));
      log.output("2. Restoring into " + plan.restored() + ".");
      swap.fill(
          attempt.database(), plan.backup(), host.backups().facts(plan.backup()), plan.restored());
      attempt.lock().requireHeld();
      return Optional.empty();
    } catch (RuntimeException failure) {
      return Optional.of(Deployment.told(failure));
    }
  }

  private ExitCode keep(Attempt attempt, SlipwayException failure) {
    log.failed(failure);
    record(attempt, Outcome.FAILED, Optional.of(failure.what()));
    return attempt.lock().loss().isPresent()
        ? ExitCode.UNKNOWN_STATE
        : ExitCode.FAILED_OLD_VERSION_SERVING;
  }

  /** Not to be cut short by an interrupt: while it goes on, nobody is served. */
  private ExitCode change(Attempt attempt) {
    RestorePlan plan = attempt.plan();
    try {
      host.stop(attempt.writers());
      attempt.lock().requireHeld();
      swap.exchange(attempt.database(), plan.restored(), plan.setAside());
      host.start(attempt.writers());
      host.passGate(plan.release(), Set.of());
    } catch (RuntimeException failure) {
      return goBack(attempt, Deployment.told(failure));
    }
    boolean recorded = record(attempt, Outcome.SERVING, Optional.empty());
    log.restored(plan);
    keepReplaced(attempt);
    return recorded ? ExitCode.SUCCESS : ExitCode.SERVING_INCOMPLETE;
  }

  /** Only now, when it is known to be in nobody's way: what is set aside is never dropped. */
  private void keepReplaced(Attempt attempt) {
    RestorePlan plan = attempt.plan();
    try {
      swap.rename(attempt.database(), plan.setAside(), plan.replaced());
      log.keptDatabase(plan.replaced(), " until the next restore");
    } catch (RuntimeException left) {
      log.note(Deployment.told(left).what());
      log.keptDatabase(plan.setAside(), "");
    }
  }

  private ExitCode goBack(Attempt attempt, SlipwayException failure) {
    RestorePlan plan = attempt.plan();
    log.failed(failure);
    boolean held = attempt.lock().loss().isEmpty();
    try {
      if (held && swap.hasExchanged(attempt.database(), plan.restored())) {
        host.stop(attempt.writers());
        swap.exchange(attempt.database(), plan.setAside(), plan.restored());
      }
      host.start(attempt.writers());
      if (!held) { // the other run sees to the rest
        return ExitCode.UNKNOWN_STATE;
      }
      host.passGate(plan.release(), Set.of());
    } catch (RuntimeException again) {
      log.failed(Deployment.told(again));
      log.note(
          "If there is a database "
              + plan.setAside()
              + ", that is the one that was before: keep it.");
      record(attempt, Outcome.UNKNOWN, Optional.of(failure.what()));
      return ExitCode.UNKNOWN_STATE;
    }
    log.note(
        "The database is what it was before, and " + plan.release().briefCommit() + " serves.");
    record(attempt, Outcome.ROLLED_BACK, Optional.of(failure.what()));
    return ExitCode.ROLLED_BACK;
  }

  /** Whether it could be recorded; that it could not does not change how it ended. */
  private boolean record(Attempt attempt, Outcome outcome, Optional<String> reason) {
    ReleaseManifest release = attempt.plan().release();
    Instant now = clock.instant();
    boolean known = outcome != Outcome.UNKNOWN;
    if (attempt.lock().loss().isPresent()) { // the ledger is the other run's
      return false;
    }
    try {
      host.record(
          new LedgerEntry(
              now,
              Action.RESTORE,
              outcome,
              release,
              known ? Optional.of(release.commit()) : Optional.empty(),
              attempt.plan().schema(),
              known ? schemaNow() : Optional.empty(),
              deployer.by(),
              Duration.between(attempt.started(), now).toSeconds(),
              reason.map(log::redacted),
              Optional.of(attempt.plan().backup()),
              Map.of()));
      return true;
    } catch (RuntimeException unrecorded) {
      log.failed(Deployment.told(unrecorded));
      return false;
    }
  }

  private Optional<String> schemaNow() {
    try {
      return host.schemaRevision();
    } catch (RuntimeException unread) {
      log.note("Which schema the database has is not known: " + Deployment.told(unread).what());
      return Optional.empty();
    }
  }
}
