package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.SshServer;
import dev.slipway.effect.ssh.KnownHosts;
import dev.slipway.effect.ssh.SshConnection;
import dev.slipway.effect.ssh.SshKey;
import dev.slipway.effect.ssh.SshTarget;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A connection to the server that the environment names, made while other things are read. */
final class Connecting {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final FutureTask<SshServer> task;

  private Connecting(FutureTask<SshServer> task) {
    this.task = task;
  }

  static Connecting begin(Environment environment) {
    FutureTask<SshServer> task = new FutureTask<>(() -> connect(environment));
    Thread thread = new Thread(task, "connecting");
    thread.setDaemon(true);
    thread.start();
    return new Connecting(task);
  }

  private static SshServer connect(Environment environment) {
    String host = environment.require("PROD_SERVER_HOST", "the server's name or address");
    SshTarget target =
        SshTarget.parse(
            host,
            environment.find("PROD_SERVER_PORT"),
            environment.require("PROD_SERVER_USER", "the account on the server"));
    SshKey key =
        SshKey.parse(
            Secret.of(
                environment.require(
                    "PROD_SSH_KEY", "the private key of the deploying account, or a file with it")),
            environment.find("PROD_SSH_KEY_PASSPHRASE").map(Secret::of));
    KnownHosts known =
        environment.find("PROD_SSH_KNOWN_HOSTS").map(KnownHosts::parse).orElseGet(KnownHosts::none);
    return new SshServer(target.toString(), SshConnection.open(target, key, known, TIMEOUT));
  }

  /** The server, once it is connected. */
  SshServer await() {
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
        task.get().close();
      } catch (ExecutionException neverMade) {
        return;
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
