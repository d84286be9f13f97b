package dev.slipway.deploy.images;

import dev.slipway.command.HostCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.Heartbeat;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Server;
import dev.slipway.effect.http.registry.OfferedImage;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.effect.http.registry.RegistryImage;
import dev.slipway.image.ImageReference;
import dev.slipway.plan.Step;
import dev.slipway.plan.StoredImage;
import dev.slipway.release.ReleasedImage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends an image through the SSH connection: the server's own engine pulls it, from a port of its
 * loopback that leads back here. So only layers that it lacks are sent, and it checks each digest.
 */
final class ImageSender {

  /** From how many bytes on a layer, once arrived, survives a cut of the connection. */
  private static final long LARGE = 8_000_000;

  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration PULL = Duration.ofHours(1);

  private final Server server;
  private final HostCommands commands;
  private final DeployLog log;
  private final Clock clock;

  ImageSender(Server server, HostCommands commands, DeployLog log, Clock clock) {
    this.server = server;
    this.commands = commands;
    this.log = log;
    this.clock = clock;
  }

  /** The image as a registry has it. */
  static RegistryImage read(RegistryClient registry, ReleasedImage image) {
    return RegistryImage.read(registry, repository(image), image.digest().orElseThrow());
  }

  private static String repository(ReleasedImage image) {
    return ImageReference.parse(image.name()).repository();
  }

  /** Sends what the server lacks of an image and gives it its name. */
  void send(RegistryClient registry, ReleasedImage image, List<StoredImage> there) {
    RegistryImage content = read(registry, image);
    Set<String> layers = new HashSet<>();
    there.forEach(stored -> layers.addAll(stored.layers()));
    Instant began = clock.instant();
    try (OfferedImage offered =
            new OfferedImage(registry, repository(image), content, layers, LARGE);
        Server.Offer way = server.offer(offered.port());
        Heartbeat progress = Heartbeat.every(EVERY, () -> log.imageSending(offered.bytes()))) {
      String address = "127.0.0.1:" + way.remotePort() + "/";
      List<String> parts =
          offered.parts().stream()
              .map(part -> address + Step.SendImage.PARTS + "@" + part)
              .toList();
      parts.forEach(this::pull);
      String whole = address + repository(image) + "@" + image.digest().orElseThrow();
      pull(whole);
      require(commands.images().tag(whole, image.tagged()), SHORT);
      server.run(commands.images().removeImage(parts), SHORT);
      log.imageSent(offered.bytes(), Duration.between(began, clock.instant()));
    }
  }

  private void pull(String pinned) {
    require(commands.images().pull(pinned), PULL);
  }

  private void require(ShellCommand command, Duration deadline) {
    new Remote(server)
        .require(command, deadline, "Deploy again: what has arrived whole is not sent twice.");
  }
}
