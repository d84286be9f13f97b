package dev.slipway.deploy.server;

import dev.slipway.command.CommandResult;
import dev.slipway.command.DockerAccess;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.ssh.PortForward;
import dev.slipway.effect.ssh.ReverseForward;
import dev.slipway.effect.ssh.SshConnection;
import java.time.Duration;
import java.util.function.Consumer;

/** The server behind an SSH connection. */
public final class SshServer implements Server, AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(60);

  private final String name;
  private final SshConnection connection;
  private final DockerAccess docker;

  private SshServer(String name, SshConnection connection, DockerAccess docker) {
    this.name = name;
    this.connection = connection;
    this.docker = docker;
  }

  /**
   * A server under the name that users know it by, after a look at how this account runs docker.
   */
  public static SshServer of(String name, SshConnection connection, HostCommands commands) {
    return new SshServer(
        name, connection, DockerAccess.of(connection.run(commands.dockerAccess(), LOOK)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CommandResult run(ShellCommand command, Duration deadline, Consumer<String> lines) {
    return connection.run(docker.apply(command), deadline, lines);
  }

  @Override
  public boolean allowsTunnel(String host, int remotePort) {
    return connection.mayForward(host, remotePort);
  }

  @Override
  public Tunnel tunnel(String host, int remotePort) {
    PortForward forward = connection.forward(host, remotePort);
    return new Tunnel() {
      @Override
      public int localPort() {
        return forward.localPort();
      }

      @Override
      public void close() {
        forward.close();
      }
    };
  }

  @Override
  public Offer offer(int localPort) {
    ReverseForward forward = connection.forwardBack(localPort);
    return new Offer() {
      @Override
      public int remotePort() {
        return forward.remotePort();
      }

      @Override
      public void close() {
        forward.close();
      }
    };
  }

  @Override
  public void close() {
    connection.close();
  }
}
