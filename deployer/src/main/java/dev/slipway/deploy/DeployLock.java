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

  private final Owner owner;

  private DeployLock(Shell shell, HostCommands commands, Owner owner) {
    this.shell = shell;
    this.commands = commands;
    this.owner = owner;
  }

  /**
   * Who holds the lock.
   *
   * @param by user and machine, or the CI job's URL
   * @param commit what is being deployed
   * @param since when it was taken
   */
  public record Owner(String by, String commit, Instant since) {

    @Override
    public String toString() {
      return by + ", who deploys " + commit + " since " + since;
    }
  }

  /** Takes the lock, or fails with who holds it and since when. */
  public static DeployLock take(Shell shell, HostCommands commands, Owner owner) {
    CommandResult result = tryTo(shell, commands, owner);
    if (result.succeeded()) {
      return new DeployLock(shell, commands, owner);
    }
    String holder =
        holder(shell, commands).map(Owner::toString).orElse("somebody who left no name");
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
      Undisturbed.run(() -> shell.run(commands.unlock(Json.line(owner)), DEADLINE));
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

  /** Gives the lock back; one that somebody else has taken meanwhile is left to them, and told. */
  @Override
  public void close() {
    CommandResult result =
        Undisturbed.run(() -> shell.run(commands.unlock(Json.line(owner)), DEADLINE));
    if (!result.succeeded()) {
      throw Undisturbed.run(() -> holder(shell, commands))
          .filter(other -> !other.equals(owner))
          .map(DeployLock::takenAway)
          .orElseGet(() -> notGivenBack(result));
    }
  }

  private static SlipwayException takenAway(Owner other) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "This run's lock was taken away meanwhile by force and is held by "
            + other
            + ": the two may have undone each other's work.",
        "Wait for that deployment to end, then look at `slipway status` and deploy what is to serve.");
  }

  private static SlipwayException notGivenBack(CommandResult result) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "The lock could not be given back: " + result.tail(2) + ".",
        "Run `slipway unlock --force`.");
  }
}
