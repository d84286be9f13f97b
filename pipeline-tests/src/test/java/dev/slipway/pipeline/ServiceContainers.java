package dev.slipway.pipeline;

import com.github.dockerjava.api.command.CreateContainerCmd;
import dev.slipway.platform.DatabaseAccess;
import dev.slipway.platform.compose.ServiceSpec;
import java.nio.file.Path;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** Containers in which single services run as the compose file says. */
final class ServiceContainers {

  // Engine 20.10 publishes on ports that the kernel also gives to outgoing connections: "address
  // already in use".
  private static final int ATTEMPTS = 3;

  private final Network network;
  private final Path folder;

  /**
   * Containers in a network.
   *
   * @param folder where the compose file lies
   */
  ServiceContainers(Network network, Path folder) {
    this.network = network;
    this.folder = folder;
  }

  /** One in which the service runs. */
  GenericContainer<?> running(ServiceSpec service, String image) {
    return prepared(service, image)
        .withCreateContainerCmdModifier(command -> asTheServiceRuns(command, service));
  }

  private static void asTheServiceRuns(CreateContainerCmd command, ServiceSpec service) {
    service.user().filter(user -> !user.isEmpty()).ifPresent(command::withUser);
    service.entrypoint().ifPresent(command::withEntrypoint);
    service.command().ifPresent(command::withCmd);
  }

  /** One with the service's variables and mounted files, in which it need not run itself. */
  GenericContainer<?> prepared(ServiceSpec service, String image) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withNetwork(network)
            .withEnv(DatabaseAccess.environment(service))
            .withStartupAttempts(ATTEMPTS);
    service.workingDirectory().ifPresent(container::withWorkingDirectory);
    MountedFiles.of(service, folder)
        .forEach(
            (target, file) ->
                container.withCopyFileToContainer(MountableFile.forHostPath(file), target));
    return container;
  }
}
