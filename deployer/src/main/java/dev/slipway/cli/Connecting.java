package dev.slipway.cli;

import dev.slipway.DaemonThreads;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.command.HostCommands;
import dev.slipway.deploy.server.SshServer;
import dev.slipway.effect.ssh.SshConnection;
import dev.slipway.effect.ssh.SshRoute;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A connection to the server that the environment names, made while other things are read. */
final class Connecting {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final FutureTask<Connected> task;

  private Connecting(FutureTask<Connected> task) {
    this.task = task;
  }

  static Connecting begin(Environment environment) {
    FutureTask<Connected> task = new FutureTask<>(() -> connect(environment));
    DaemonThreads.start("connecting", task);
    return new Connecting(task);
  }

  private static Connected connect(Environment environment) {
    SshSettings settings = new SshSettings(environment);
    SshRoute route = settings.route();
    return new Connected(
        route.server().target().toString(),
        SshConnection.open(route, settings.knownHosts(), TIMEOUT));
  }

  private record Connected(String name, SshConnection connection) {}

  /** The server, once it is connected. */
  SshServer await(Project project) {
    Connected connected = await();
    return SshServer.of(
        connected.name(),
        connected.connection(),
        new HostCommands(project.platform().serverDirectory()));
  }

  private Connected await() {
    try {
      return task.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupt) {
      abandon();
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.REFUSED, "Interrupted while connecting.", "Run again when ready.", interrupt);
    }
  }

  /** Gives the connection up, whether it is there or not. */
  void abandon() {
    if (!task.cancel(true)) {
      try {
        task.get().connection().close();
      } catch (ExecutionException | CancellationException neverMade) {
        return;
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
