package dev.slipway.deploy;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.Step;
import dev.slipway.platform.BackupSettings.Mode;
import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The platform's database as a deployment treats it: backed up, then migrated, with every other
 * migrator kept away in between.
 */
final class PlatformDatabase {

  private final Platform platform;
  private final Supplier<Map<String, ContainerState>> containers;
  private final Backups backups;
  private final MigrationLock lock;
  private final LiveMigration migration;

  PlatformDatabase(
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
    this.migration =
        new LiveMigration(server, commands, platform.migrations().patience(), log, clock, pause);
  }

  /** The backups of it that are there. */
  BackupFolder backups() {
    return backups.folder();
  }

  /** What it is, as it runs in its container. */
  LiveDatabase describe(ContainerState running) {
    return backups.database(running);
  }

  /** Its container, if it is one of the platform's services. */
  Optional<ContainerState> container() {
    return platform.service(Role.POSTGRES).map(service -> containers.get().get(service.name()));
  }

  /**
   * Takes a backup and says what it is called; from here on no other migrator may begin.
   *
   * @param needed names of backups that must stay
   */
  Optional<String> backUp(Step.BackUp step, Set<String> needed) {
    ContainerState container =
        container()
            .orElseThrow(
                () ->
                    DatabaseShell.failed(
                        "The database has no container to be backed up in.",
                        "Look at `docker ps --all` on the server."));
    lock.take(container.id());
    try {
      return backups.take(
          backups.database(container), step.release(), step.revision(), step.mode(), needed);
    } catch (SlipwayException failure) {
      giveBack(container.id());
      throw failure;
    }
  }

  /** Takes a backup of what a restore is about to replace, whatever is done before a migration. */
  void backUpNow(
      LiveDatabase database, String release, Optional<String> revision, Set<String> needed) {
    Mode mode = platform.backup().mode() == Mode.NONE ? Mode.READ : platform.backup().mode();
    backups.take(database, release, revision, mode, needed);
  }

  /** Runs a migration in its container of this name, and says what it left. */
  CommandResult migrate(ShellCommand command, String run) {
    Optional<String> container = container().map(ContainerState::id);
    container.ifPresent(lock::take);
    try {
      return migration.run(command, run, container);
    } finally {
      container.ifPresent(this::giveBack);
    }
  }

  private void giveBack(String container) {
    Undisturbed.run(
        () -> {
          lock.giveBack(container);
          return true;
        });
  }
}
