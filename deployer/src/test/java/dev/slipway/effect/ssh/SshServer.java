package dev.slipway.effect.ssh;

import dev.slipway.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;

/** A real sshd with three host keys and a user for each of the shells that servers have. */
public final class SshServer implements AutoCloseable {

  private static final String DOCKERFILE =
      """
      FROM debian:12
      RUN apt-get update \\
       && apt-get install -y --no-install-recommends busybox openssh-server procps sudo \\
       && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* \\
       && mkdir -p /run/sshd /opt/busybox && busybox --install -s /opt/busybox \\
       && useradd --create-home --shell /bin/bash bash \\
       && useradd --create-home --shell /bin/bash admin \\
       && echo 'admin ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/admin \\
       && useradd --create-home --shell /bin/dash dash \\
       && useradd --create-home --shell /opt/busybox/ash busybox \\
       && install -d /home/busybox/.ssh \\
       && echo PATH=/opt/busybox > /home/busybox/.ssh/environment \\
       && echo 'echo from a login script >&2' > /home/bash/.bashrc
      ENTRYPOINT ["/usr/sbin/sshd", "-D", "-e", "-o", "PermitUserEnvironment=yes", \
      "-o", "AuthorizedKeysFile=/etc/ssh/authorized_keys"]
      """;

  private final GenericContainer<?> container;
  private final Path folder;

  /** Starts a server with fresh keys kept in {@code folder}. */
  public SshServer(Path folder) {
    this.folder = folder;
    Path image = folder.resolve("Dockerfile");
    write(image, DOCKERFILE);
    container =
        new GenericContainer<>(
                new ImageFromDockerfile("slipway-test-sshd:3", false).withDockerfile(image))
            .withExposedPorts(22)
            .withCreateContainerCmdModifier(command -> command.getHostConfig().withInit(true))
            .waitingFor(Wait.forLogMessage(".*Server listening.*\\n", 1))
            .withStartupTimeout(Duration.ofMinutes(3));
    for (String type : new String[] {"ed25519", "ecdsa", "rsa"}) {
      Path key = TestKeys.generate(folder, "host_" + type, "", "-t", type);
      String path = "/etc/ssh/ssh_host_" + type + "_key";
      container.withCopyToContainer(Transferable.of(TestKeys.read(key), 0600), path);
    }
  }

  /** Gives it a name in a network of containers. */
  SshServer named(String name, Network network) {
    container.withNetwork(network).withNetworkAliases(name);
    return this;
  }

  /** Lets a connection run no more commands at once. */
  SshServer withMostSessions(int number) {
    return with("MaxSessions=" + number);
  }

  /** Has sshd started with an option as sshd_config has it. */
  public SshServer with(String option) {
    container.withCommand("-o", option);
    return this;
  }

  /** Starts; lets the keys in whose files lie in the folder under these names. */
  public SshServer start(String... names) {
    String authorized =
        Stream.of(names)
            .map(name -> TestKeys.publicKey(folder.resolve(name)).line() + "\n")
            .collect(Collectors.joining());
    container.withCopyToContainer(Transferable.of(authorized, 0644), "/etc/ssh/authorized_keys");
    container.start();
    return this;
  }

  SshTarget target(String user) {
    return new SshTarget(container.getHost(), container.getMappedPort(22), user);
  }

  PublicKey hostKey(String type) {
    return TestKeys.publicKey(folder.resolve("host_" + type));
  }

  /** A line of known_hosts for this server. */
  String knownHost(String type) {
    return target("bash").knownHostsName() + " " + hostKey(type).line() + "\n";
  }

  public SshConnection open(String user, String keyName) {
    return SshConnection.open(
        target(user),
        SshKey.parse(Secret.of(folder.resolve(keyName).toString()), Optional.empty()),
        KnownHosts.parse(knownHost("ed25519")),
        Duration.ofSeconds(20));
  }

  /** Runs a script in the container, past SSH. */
  public ExecResult inside(String script) {
    try {
      return container.execInContainer("sh", "-c", script);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupt);
    }
  }

  /** How many logins it let in so far. */
  public long logins() {
    return container.getLogs().lines().filter(line -> line.contains("Accepted publickey")).count();
  }

  /** Stops every process in it, as when a machine hangs; or lets them go on. */
  void freeze(boolean frozen) {
    String id = container.getContainerId();
    if (frozen) {
      container.getDockerClient().pauseContainerCmd(id).exec();
    } else {
      container.getDockerClient().unpauseContainerCmd(id).exec();
    }
  }

  @Override
  public void close() {
    container.stop();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException unwritable) {
      throw new AssertionError(unwritable);
    }
  }
}
