package dev.slipway.deploy.database;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Server;
import dev.slipway.deploy.server.Undisturbed;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.Step;
import dev.slipway.platform.BackupSettings.Mode;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The platform's database as a deployment treats it: backed up, then migrated, with every other
 * migrator kept away in between.
 */
public final class PlatformDatabase {

  private final Platform platform;
  private final Supplier<Map<String, ContainerState>> containers;
  private final Backups backups;
  private final MigrationLock lock;
  private final LiveMigration migration;
  private final DatabaseSwap swap;

  /**
   * The database of a platform on a server.
   *
   * @param containers the platform's containers as they are when asked, by service
   * @param pause waits as long as it is told
   */
  public PlatformDatabase(
      Server server,
      Platform platform,
      Supplier<Map<String, ContainerState>> containers,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.platform = platform;
    this.containers = containers;
    DatabaseCommands commands = new DatabaseCommands(platform.serverDirectory());
    DatabaseShell shell = new DatabaseShell(server, log, clock);
    this.backups = new Backups(shell, commands, platform.backup(), log, clock);
    this.lock = new MigrationLock(shell, commands, clock, pause);
    this.swap = new DatabaseSwap(shell, commands);
    this.migration =
        new LiveMigration(server, commands, platform.migrations().patience(), log, clock, pause);
  }

  /** The backups of it that are there. */
  public BackupFolder backups() {
    return backups.folder();
  }

  /** What lets another database take its place. */
  public DatabaseSwap swap() {
    return swap;
  }

  /** What it is, as it runs in its container. */
  public LiveDatabase describe(ContainerState running) {
    return backups.database(running);
  }

  /** Its container, if it is one of the platform's services. */
  public Optional<ContainerState> container() {
    return platform.service(Role.POSTGRES).map(service -> containers.get().get(service.name()));
  }

  /** Starts what a backup that is to come will be proved in, beside what is done before it. */
  public void expect(Step.BackUp step) {
    if (step.mode() == Mode.RESTORE) {
      backups.expect(() -> backups.database(requiredContainer()));
    }
  }

  /** Ends what was started for a backup that is not taken after all. */
  public void expectNoBackup() {
    backups.expectNone();
  }

  /**
   * Takes a backup and says what it is called; from here on no other migrator may begin.
   *
   * @param needed the backups that must stay
   */
  public Optional<String> backUp(Step.BackUp step, NeededBackups needed) {
    ContainerState container = requiredContainer();
    lock.take(container.id());
    try {
      return backups.take(
          backups.database(container), step.release(), step.revision(), step.mode(), needed);
    } catch (SlipwayException failure) {
      giveBack(container.id());
      throw failure;
    }
  }

  private ContainerState requiredContainer() {
    return container()
        .orElseThrow(
            () ->
                DatabaseShell.failed(
                    "The database has no container to be backed up in.",
                    "Look at `docker ps --all` on the server."));
  }

  /** Takes a backup of what a restore is about to replace, whatever is done before a migration. */
  public void backUpNow(
      LiveDatabase database, String release, Optional<String> revision, NeededBackups needed) {
    Mode mode = platform.backup().mode() == Mode.NONE ? Mode.READ : platform.backup().mode();
    backups.takeBeforeRestore(database, release, revision, mode, needed);
  }

  /** Runs a migration in its container of this name, and says what it left. */
  public CommandResult migrate(ShellCommand command, String run) {
    Optional<String> container = container().map(ContainerState::id);
    container.ifPresent(lock::take);
    try {
      return migration.run(command, run, container);
    } finally {
      container.ifPresent(this::giveBack);
    }
  }

  /** Ends what a dead run has left, whose migration ran in a container of this name. */
  public void endWhatADeadRunLeft(String run) {
    Optional<String> container = container().map(ContainerState::id);
    migration.abort(run, container);
    container.ifPresent(lock::giveBack);
    backups.endWhatADeadRunLeft(container);
  }

  private void giveBack(String container) {
    Undisturbed.run(
        () -> {
          lock.giveBack(container);
          return true;
        });
  }
}
