package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Containers in a network of their own, all of which go when it is closed. */
public final class ContainerGroup implements AutoCloseable {

  private final DockerClient client;
  private final Map<String, String> labels;
  private final String network;
  private final List<String> containers = new ArrayList<>();

  ContainerGroup(DockerClient client, String name, Map<String, String> labels) {
    this.client = client;
    this.labels = Map.copyOf(labels);
    this.network = client.createNetworkCmd().withName(name).withLabels(labels).exec().getId();
  }

  /**
   * Starts a container that others of the group know by a name.
   *
   * @param run its image, command and variables
   * @param port one that is published on a free port of the engine's host; 0: none
   * @return its id
   */
  public String start(String name, ContainerRun run, int port) {
    HostConfig host = HostConfig.newHostConfig().withNetworkMode(network);
    CreateContainerCmd command =
        client
            .createContainerCmd(run.image())
            .withEnv(ContainerRunner.variables(run.environment()))
            .withLabels(labels)
            .withAliases(name);
    run.directory().ifPresent(command::withWorkingDir);
    if (port != 0) {
      ExposedPort exposed = ExposedPort.tcp(port);
      command.withExposedPorts(exposed);
      host.withPortBindings(new PortBinding(Ports.Binding.empty(), exposed));
    }
    if (!run.arguments().isEmpty()) {
      command.withEntrypoint(run.arguments().subList(0, 1));
      command.withCmd(run.arguments().subList(1, run.arguments().size()));
    }
    String container = command.withHostConfig(host).exec().getId();
    containers.add(container);
    client.startContainerCmd(container).exec();
    return container;
  }

  /** The port of the engine's host on which a container's port is published. */
  public int publishedPort(String container, int port) {
    Ports.Binding[] bindings =
        client
            .inspectContainerCmd(container)
            .exec()
            .getNetworkSettings()
            .getPorts()
            .getBindings()
            .get(ExposedPort.tcp(port));
    if (bindings == null || bindings.length == 0) {
      throw new IllegalStateException("port " + port + " of " + container + " is not published");
    }
    return Integer.parseInt(bindings[0].getHostPortSpec());
  }

  @Override
  public void close() {
    // Who was told to stop still takes away what it has started; the engine is not asked otherwise.
    boolean interrupted = Thread.interrupted();
    try {
      for (String container : containers) {
        client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
      }
      client.removeNetworkCmd(network).exec();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
