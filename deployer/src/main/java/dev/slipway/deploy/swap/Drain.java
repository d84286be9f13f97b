package dev.slipway.deploy.swap;

import dev.slipway.command.SwapCommands;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Remote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Waits until containers that get no new requests have finished those that they have. */
final class Drain {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration BETWEEN_QUIET_LOOKS = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Remote remote;
  private final SwapCommands commands;
  private final Instances instances;
  private final DeployLog log;
  private final Clock clock;
  private final Consumer<Duration> pause;

  /** A drain on a server; {@code pause} waits as long as it is told. */
  Drain(
      Remote remote,
      SwapCommands commands,
      Instances instances,
      DeployLog log,
      Clock clock,
      Consumer<Duration> pause) {
    this.remote = remote;
    this.commands = commands;
    this.instances = instances;
    this.log = log;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Waits until two looks in a row find no connection, since one may be on its way during the
   * first; 30 seconds at most.
   *
   * @param lookingOn an image that has a cat, for containers that have none
   */
  void await(List<Instance> leaving, String lookingOn) {
    Instant began = clock.instant();
    int quiet = 0;
    int open = 0;
    while (quiet < 2) {
      int before = open;
      open = leaving.stream().mapToInt(each -> connections(each, lookingOn)).sum();
      quiet = open == 0 ? quiet + 1 : 0;
      if (open > 0 && before == 0) {
        log.draining(open);
      }
      if (quiet < 2 && !clock.instant().isBefore(began.plus(PATIENCE))) {
        log.notDrained(open, PATIENCE);
        return;
      }
      if (quiet < 2) {
        pause.accept(quiet == 0 ? PAUSE : BETWEEN_QUIET_LOOKS);
      }
    }
    log.drained(Duration.between(began, clock.instant()));
  }

  /** What cannot be looked at counts as one that is open, as long as its container runs. */
  private int connections(Instance instance, String lookingOn) {
    String table = remote.run(commands.connections(instance.id()), SHORT).standardOutput();
    if (!Connections.isTable(table)) {
      table = remote.run(commands.connections(instance.id(), lookingOn), SHORT).standardOutput();
    }
    if (Connections.isTable(table)) {
      return Connections.open(table);
    }
    return instances.now(instance.id()).runs() ? 1 : 0;
  }
}
