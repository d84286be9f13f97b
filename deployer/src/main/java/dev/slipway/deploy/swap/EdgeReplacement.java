package dev.slipway.deploy.swap;

import dev.slipway.command.ComposeCommands;
import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Undisturbed;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Replaces the container with the published port, which only one can have: its successor is tried
 * without the port, then created beside it, and started in the moment in which it has stopped.
 */
public final class EdgeReplacement {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofMinutes(5);

  private final Remote remote;
  private final SwapCommands commands;
  private final Instances instances;
  private final NewContainers newcomers;

  /** A replacement on a server; {@code newcomers} makes the container that takes over. */
  public EdgeReplacement(
      Remote remote, SwapCommands commands, Instances instances, NewContainers newcomers) {
    this.remote = remote;
    this.commands = commands;
    this.instances = instances;
    this.newcomers = newcomers;
  }

  /**
   * Replaces it. Whoever goes back after a failure while nobody serves finds a swap that was cut
   * off, and looks at what runs.
   *
   * @param compose with the variables of the release
   * @param serving told right before the old one stops
   * @throws dev.slipway.SlipwayException when the new one does not become well; then the old one
   *     serves as before
   */
  public void run(ComposeCommands compose, String service, Runnable serving) {
    remote.require(commands.begin(), SHORT);
    Containers now = instances.look();
    Instance old = now.standing(service);
    Instance next = tried(compose, now, old);
    serving.run();
    remote.require(
        commands.replace(old.id(), next.id(), old.stopSignal()),
        STOP,
        "The old container was started again; read why the new one does not start.");
    remote.require(commands.remove(List.of(old.id())), SHORT);
    newcomers.takeNames(List.of(next));
    remote.require(commands.end(), SHORT);
  }

  private Instance tried(ComposeCommands compose, Containers now, Instance old) {
    try {
      return newcomers.createTried(compose, now, old);
    } catch (RuntimeException failure) {
      Undisturbed.run(
          () -> {
            newcomers.remove(Set.of(old.service()));
            return remote.require(commands.end(), SHORT);
          });
      throw failure;
    }
  }
}
