package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.deploy.lock.DeployLock;
import dev.slipway.deploy.lock.LockHolder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Takes a dead deployment's lock away. */
@Command(
    name = "unlock",
    description = "Show who holds the server's lock; with --force, take it away.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  slipway unlock", "  slipway unlock --force"})
@SuppressWarnings("NullAway.Init")
final class UnlockCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Option(
      names = "--force",
      description = "Take the lock away; only when its holder is dead for certain.")
  private boolean force;

  @Override
  public Integer call() {
    try (Session session = cli.session()) {
      Optional<LockHolder> holder = DeployLock.look(session.server(), session.commands());
      if (holder.isEmpty()) {
        cli.log().note("Nobody holds the lock.");
        return ended(holder);
      }
      String held = "The lock is held by " + holder.get();
      if (!force) {
        throw new SlipwayException(
            ExitCode.LOCKED,
            held + ".",
            "The next deployment takes over a dead one's lock by itself; --force takes it away at once.");
      }
      CommandResult result =
          session.server().run(session.commands().lock().takeAway(), Duration.ofSeconds(30));
      if (!result.succeeded()) {
        throw SlipwayException.refused(
            "The lock could not be taken away: " + result.tail(2) + ".",
            "Look at its rights on the server.");
      }
      cli.log().note(held + "; it was taken away.");
      endWhatItsHolderLeft(session);
      return ended(holder);
    }
  }

  private int ended(Optional<LockHolder> takenFrom) {
    if (cli.json()) {
      cli.out().println(Json.line(Map.of("takenFrom", takenFrom.map(LockHolder::owner))));
    }
    return ExitCode.SUCCESS.status();
  }

  /**
   * The lock is gone already: what cannot be ended is told, and ended before the next migration.
   */
  private void endWhatItsHolderLeft(Session session) {
    try {
      session.host().endWhatADeadRunLeft();
    } catch (SlipwayException unreachable) {
      cli.log().note("What its holder left running could not be ended: " + unreachable.what());
    }
  }
}
