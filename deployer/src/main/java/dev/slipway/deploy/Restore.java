package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.ledger.LedgerEntry;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.ledger.LedgerEntry.Outcome;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.RestorePlan;
import dev.slipway.release.ReleaseManifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The story of a restored backup: lock, back up what is, fill a database beside it, let the two
 * change places while nobody writes, pass the gate, record; or let them change back.
 */
public final class Restore {

  private final Host host;
  private final DatabaseShell shell;
  private final DatabaseCommands commands;
  private final DatabaseSwap swap;
  private final DeployLog log;
  private final Clock clock;
  private final String by;

  /** A restore on one host; {@code by} is who asks. */
  public Restore(
      Host host, Server server, DatabaseCommands commands, DeployLog log, Clock clock, String by) {
    this.host = host;
    this.shell = new DatabaseShell(server, log, clock);
    this.commands = commands;
    this.swap = new DatabaseSwap(shell, commands);
    this.log = log;
    this.clock = clock;
    this.by = by;
  }

  /**
   * What {@link #run} would do; changes nothing.
   *
   * @param backup a backup's name, or {@code latest}
   */
  public RestorePlan plan(String backup) {
    BackupFile file = find(backup);
    ReleaseManifest release =
        host.history()
            .current()
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "No release serves that Slipway has deployed.",
                        "Restore by hand: docs/backup.md tells how."));
    LiveDatabase database = database();
    Set<String> facts = facts(file.name());
    return new RestorePlan(
        file.name(),
        content(file, facts),
        file.revision(),
        database.name(),
        host.schemaRevision(),
        host.writers().stream().map(HostService::name).toList(),
        release);
  }

  private BackupFile find(String wanted) {
    List<BackupFile> all = host.backups().list(true);
    Optional<BackupFile> found =
        wanted.equals("latest")
            ? all.stream().reduce((older, newer) -> newer)
            : all.stream().filter(file -> file.name().equals(wanted)).findFirst();
    BackupFile file =
        found.orElseThrow(
            () ->
                SlipwayException.refused(
                    "There is no backup " + wanted + " on the server.",
                    "`slipway backups` lists those that are there."));
    if (file.checksum() != BackupFile.Checksum.GOOD) {
      throw SlipwayException.refused(
          "The backup "
              + file.name()
              + (file.checksum() == BackupFile.Checksum.BAD
                  ? " is not what was written: its checksum differs."
                  : " has no checksum."),
          "Choose another one: `slipway backups` lists them.");
    }
    return file;
  }

  private LiveDatabase database() {
    ContainerState container =
        host.database()
            .filter(found -> found.state().equals("running"))
            .orElseThrow(
                () ->
                    SlipwayException.refused(
                        "The platform's database does not run.",
                        "Start it on the server: `docker compose up -d` with its service."));
    return host.backups().database(container);
  }

  private Set<String> facts(String backup) {
    return DatabaseShell.facts(
        shell
            .require(
                commands.facts(backup),
                "What the backup holds cannot be read",
                "Look at its rights.")
            .standardOutput());
  }

  private static String content(BackupFile file, Set<String> facts) {
    long rows =
        facts.stream()
            .filter(fact -> fact.startsWith(DatabaseCommands.FACT + "rows "))
            .mapToLong(fact -> Long.parseLong(fact.substring(fact.lastIndexOf(' ') + 1)))
            .sum();
    return rows
        + " rows in "
        + file.tables()
        + " tables at "
        + file.revision().map(revision -> "revision " + revision).orElse("no revision")
        + file.taken().map(taken -> ", as they were on " + taken).orElse("")
        + file.release().map(release -> " with release " + release).orElse("");
  }

  /** Carries a plan out and says how that ended. */
  public ExitCode run(RestorePlan plan) {
    Instant started = clock.instant();
    try (DeployLock lock =
        host.lock(new DeployLock.Owner(by, "the backup " + plan.backup(), started))) {
      Attempt attempt = new Attempt(plan, started, database(), host.schemaRevision());
      List<HostService> writers = host.writers();
      try {
        prepare(attempt);
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
    host.backUpNow(attempt.database(), plan.release().commit(), attempt.schema(), plan.backup());
    log.output("2. Restoring into " + plan.restored() + ".");
    swap.fill(attempt.database(), plan.backup(), facts(plan.backup()), plan.restored());
  }

  /** Not to be cut short by an interrupt: while it goes on, nobody is served. */
  private ExitCode change(Attempt attempt, List<HostService> writers) {
    RestorePlan plan = attempt.plan();
    boolean[] changed = {false};
    try {
      host.stop(writers);
      swap.exchange(attempt.database(), plan.restored(), plan.replaced());
      changed[0] = true;
      host.startAgain(writers);
      host.passGate(plan.release());
    } catch (SlipwayException failure) {
      log.failed(failure);
      return goBack(attempt, writers, changed[0], failure);
    }
    record(attempt, Outcome.SERVING, Optional.empty());
    log.restored(plan);
    return ExitCode.SUCCESS;
  }

  private ExitCode goBack(
      Attempt attempt, List<HostService> writers, boolean changed, SlipwayException failure) {
    RestorePlan plan = attempt.plan();
    try {
      if (changed) {
        host.stop(writers);
        swap.exchange(attempt.database(), plan.replaced(), plan.restored());
      }
      host.startAgain(writers);
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
            by,
            Duration.between(attempt.started(), now).toSeconds(),
            reason.map(log::redacted),
            Optional.of(attempt.plan().backup())));
  }
}
