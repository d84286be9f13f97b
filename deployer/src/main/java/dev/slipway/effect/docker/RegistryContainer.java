package dev.slipway.effect.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.slipway.SlipwayException;
import java.util.Optional;

/** A registry in a container, reached from this machine alone and gone when it is closed. */
public final class RegistryContainer implements AutoCloseable {

  /** The image that it runs. */
  public static final String IMAGE = "registry:2.8";

  private static final int PORT = 5000;

  private final DockerClient client;
  private final String id;
  private final int port;

  private RegistryContainer(DockerClient client, String id) {
    this.client = client;
    this.id = id;
    Ports.Binding[] bindings =
        client
            .inspectContainerCmd(id)
            .exec()
            .getNetworkSettings()
            .getPorts()
            .getBindings()
            .get(ExposedPort.tcp(PORT));
    if (bindings == null || bindings.length == 0) {
      close();
      throw SlipwayException.refused(
          "The registry in container " + id + " ended as soon as it had started.",
          "Look at the image " + IMAGE + ": `docker run --rm " + IMAGE + "`.");
    }
    this.port = Integer.parseInt(bindings[0].getHostPortSpec());
  }

  /**
   * Starts one.
   *
   * @param remote whether the engine is on another machine; else only this one's loopback reaches
   *     the registry
   */
  static RegistryContainer start(DockerClient client, boolean remote) {
    Ports.Binding anyPort = remote ? Ports.Binding.empty() : Ports.Binding.bindIp("127.0.0.1");
    ExposedPort exposed = ExposedPort.tcp(PORT);
    String id =
        client
            .createContainerCmd(IMAGE)
            .withLabels(Ephemeral.labels())
            .withExposedPorts(exposed)
            .withHostConfig(
                HostConfig.newHostConfig().withPortBindings(new PortBinding(anyPort, exposed)))
            .exec()
            .getId();
    client.startContainerCmd(id).exec();
    return new RegistryContainer(client, id);
  }

  /** How images are named that the engine pushes to it, as {@code localhost:PORT}. */
  public String name() {
    return "localhost:" + port;
  }

  /** Takes the names of it from an image of the engine. */
  public void forget(String name, String tag) {
    Optional.of(name)
        .filter(known -> known.startsWith(name() + "/"))
        .ifPresent(known -> client.removeImageCmd(known + ":" + tag).withNoPrune(true).exec());
  }

  @Override
  public void close() {
    client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
  }
}
