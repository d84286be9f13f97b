package dev.slipway.deploy;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The server's deploy lock while it is held; closing gives it back. */
public final class DeployLock implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Shell shell;
  private final HostCommands commands;

  private DeployLock(Shell shell, HostCommands commands) {
    this.shell = shell;
    this.commands = commands;
  }

  /**
   * Who holds the lock.
   *
   * @param by user and machine, or the CI job's URL
   * @param commit what is being deployed
   * @param since when it was taken
   */
  public record Owner(String by, String commit, Instant since) {}

  /** Takes the lock, or fails with who holds it and since when. */
  public static DeployLock take(Shell shell, HostCommands commands, Owner owner) {
    CommandResult result = tryTo(shell, commands, owner);
    if (result.succeeded()) {
      return new DeployLock(shell, commands);
    }
    String holder =
        holder(shell, commands)
            .map(held -> held.by() + ", who deploys " + held.commit() + " since " + held.since())
            .orElse("somebody who left no name");
    throw new SlipwayException(
        ExitCode.LOCKED,
        "The server is locked by " + holder + ".",
        "Wait for that deployment to end; if it is dead for certain, run `slipway unlock --force`.");
  }

  /** A lock that was taken although its command was cut short is given back. */
  private static CommandResult tryTo(Shell shell, HostCommands commands, Owner owner) {
    try {
      return shell.run(commands.lock(Json.line(owner)), DEADLINE);
    } catch (SlipwayException cutShort) {
      Undisturbed.run(
          () -> {
            if (holder(shell, commands).equals(Optional.of(owner))) {
              shell.run(commands.unlock(), DEADLINE);
            }
            return true;
          });
      throw cutShort;
    }
  }

  /** Who holds the lock now. */
  public static Optional<Owner> holder(Shell shell, HostCommands commands) {
    CommandResult result = shell.run(commands.lockOwner(), DEADLINE);
    if (!result.succeeded()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(result.standardOutput(), Owner.class));
    } catch (IllegalArgumentException e) {
      return Optional.of(new Owner("somebody who left no readable name", "?", Instant.EPOCH));
    }
  }

  @Override
  public void close() {
    CommandResult result = Undisturbed.run(() -> shell.run(commands.unlock(), DEADLINE));
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "The lock could not be given back: " + result.tail(2) + ".",
          "Run `slipway unlock --force`.");
    }
  }
}
