package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.HealthStateLog;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What a compose project has in the local engine, found by the labels that compose sets. */
public final class ComposeProject {

  private static final String PROJECT = "com.docker.compose.project";
  private static final String SERVICE = "com.docker.compose.service";
  private static final int PATIENCE_SECONDS = 10;

  private final DockerClient client;
  private final String name;

  ComposeProject(DockerClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /** The project's name. */
  public String name() {
    return name;
  }

  /** The services' containers' ids. */
  public Map<String, String> containers() {
    Map<String, String> containers = new TreeMap<>();
    for (Container container :
        client
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(Map.of(PROJECT, name))
            .exec()) {
      containers.put(container.getLabels().getOrDefault(SERVICE, "?"), container.getId());
    }
    return containers;
  }

  /**
   * What a service's container is doing: {@code healthy}, {@code unhealthy}, {@code starting}, or
   * the engine's state.
   */
  public String state(String service) {
    return inspect(service)
        .map(InspectContainerResponse::getState)
        .map(ComposeProject::describe)
        .orElse("absent");
  }

  /** Whether a service's container has done its work and ended. */
  public boolean isDone(String service) {
    return inspect(service)
        .map(InspectContainerResponse::getState)
        .filter(state -> "exited".equals(state.getStatus()))
        .filter(state -> Long.valueOf(0).equals(state.getExitCodeLong()))
        .isPresent();
  }

  /** The status that a service's container ended with; empty where it runs. */
  public OptionalLong exitStatus(String service) {
    return inspect(service)
        .map(InspectContainerResponse::getState)
        .filter(state -> !Boolean.TRUE.equals(state.getRunning()))
        .map(ContainerState::getExitCodeLong)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** What a service's last health check printed; empty where there was none. */
  public String lastHealthCheck(String service) {
    List<HealthStateLog> checks =
        inspect(service)
            .map(InspectContainerResponse::getState)
            .map(ContainerState::getHealth)
            .map(HealthState::getLog)
            .orElse(List.of());
    return checks.isEmpty()
        ? ""
        : Optional.ofNullable(checks.get(checks.size() - 1).getOutput()).orElse("").strip();
  }

  private static String describe(ContainerState state) {
    boolean running = Boolean.TRUE.equals(state.getRunning());
    return running && state.getHealth() != null
        ? String.valueOf(state.getHealth().getStatus())
        : String.valueOf(state.getStatus());
  }

  /** The ports of this machine that lead to the service's TCP ports, by those. */
  public Map<Integer, Integer> publishedPorts(String service) {
    Map<Integer, Integer> ports = new TreeMap<>();
    inspect(service)
        .map(found -> found.getNetworkSettings().getPorts().getBindings())
        .ifPresent(
            bindings ->
                bindings.forEach(
                    (exposed, bound) -> {
                      if (exposed.getProtocol() == InternetProtocol.TCP
                          && bound != null
                          && bound.length > 0) {
                        ports.put(exposed.getPort(), Integer.valueOf(bound[0].getHostPortSpec()));
                      }
                    }));
    return ports;
  }

  /** Removes a service's container, with its volumes that have no name. */
  public void remove(String service) {
    client.removeContainerCmd(container(service)).withForce(true).withRemoveVolumes(true).exec();
  }

  /** Stops a service's container. */
  public void stop(String service) {
    client.stopContainerCmd(container(service)).withTimeout(PATIENCE_SECONDS).exec();
  }

  /** Starts a service's container. */
  public void start(String service) {
    client.startContainerCmd(container(service)).exec();
  }

  /** Removes the project's containers, networks and volumes. */
  public void destroy() {
    Map<String, String> filter = Map.of(PROJECT, name);
    for (Container container :
        client.listContainersCmd().withShowAll(true).withLabelFilter(filter).exec()) {
      client.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec();
    }
    for (Network network :
        client.listNetworksCmd().withFilter("label", List.of(PROJECT + "=" + name)).exec()) {
      client.removeNetworkCmd(network.getId()).exec();
    }
    for (InspectVolumeResponse volume :
        client
            .listVolumesCmd()
            .withFilter("label", List.of(PROJECT + "=" + name))
            .exec()
            .getVolumes()) {
      client.removeVolumeCmd(volume.getName()).exec();
    }
  }

  private Optional<InspectContainerResponse> inspect(String service) {
    return Optional.ofNullable(containers().get(service))
        .map(id -> client.inspectContainerCmd(id).exec());
  }

  private String container(String service) {
    String id = containers().get(service);
    if (id == null) {
      throw new IllegalArgumentException("service " + service + " has no container");
    }
    return id;
  }
}
