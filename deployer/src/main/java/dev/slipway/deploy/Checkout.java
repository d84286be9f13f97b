package dev.slipway.deploy;

import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Server;
import java.time.Duration;

/** The checkout of the platform's repository on the server. */
final class Checkout {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration FETCH = Duration.ofMinutes(5);

  private final Remote remote;
  private final HostCommands commands;
  private final DeployLog log;

  Checkout(Server server, HostCommands commands, DeployLog log) {
    this.remote = new Remote(server);
    this.commands = commands;
    this.log = log;
  }

  void fetch(String commit) {
    if (remote.tried(commands.git().fetch(commit), FETCH)) {
      return;
    }
    remote.require(
        commands.git().fetchAll(), FETCH, "Let the server fetch from its repository's origin.");
    remote.require(
        commands.git().hasCommit(commit),
        SHORT,
        "Push the commit to the repository that the server fetches from.");
  }

  void moveTo(String commit) {
    remote.require(
        commands.git().checkOut(commit),
        SHORT,
        "Look at `git status` in " + commands.checkout() + " on the server.");
  }

  /** Moves back if it was moved; a failure to do so is told, not thrown. */
  void restore(String commit) {
    if (remote.run(commands.git().head(), SHORT).standardOutput().strip().equals(commit)) {
      return;
    }
    CommandResult result = remote.run(commands.git().checkOut(commit), SHORT);
    if (!result.succeeded()) {
      log.note("The checkout could not be moved back to " + commit + ": " + result.tail(2));
    }
  }
}
