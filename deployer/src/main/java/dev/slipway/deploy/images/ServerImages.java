package dev.slipway.deploy.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.ImageCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.server.FreeSpace;
import dev.slipway.deploy.server.Inquiry;
import dev.slipway.deploy.server.Remote;
import dev.slipway.deploy.server.Server;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.http.registry.RegistryClient;
import dev.slipway.image.ImageLayer;
import dev.slipway.image.ImageReference;
import dev.slipway.ledger.History;
import dev.slipway.plan.HostState;
import dev.slipway.plan.ImageStore;
import dev.slipway.plan.ImageStore.Roads;
import dev.slipway.plan.StoredImage;
import dev.slipway.platform.Transfer;
import dev.slipway.release.ReleaseManifest;
import dev.slipway.release.ReleasedImage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** The images on the server: looked at, pulled, named and removed. */
public final class ServerImages {

  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration PULL = Duration.ofMinutes(20);
  private static final Duration REMOVE = Duration.ofMinutes(5);

  private final Server server;
  private final HostCommands commands;
  private final Optional<RegistryLogin> login;
  private final Optional<ImageSource> source;
  private final DeployLog log;
  private final Clock clock;
  private final Map<String, Long> sizes = new HashMap<>();

  /**
   * Images of a server.
   *
   * @param login who the server is to the registry; absent when it has its own login
   * @param source where this machine has the images; absent when the server pulls them by itself
   */
  public ServerImages(
      Server server,
      HostCommands commands,
      Optional<RegistryLogin> login,
      Optional<ImageSource> source,
      DeployLog log,
      Clock clock) {
    this.server = server;
    this.commands = commands;
    this.login = login;
    this.source = source;
    this.log = log;
    this.clock = clock;
  }

  /** What is known of the server's images and of the ways to it; nothing without a source. */
  public ImageStore observe(ReleaseManifest release, HostState state, History history) {
    if (source.isEmpty()) {
      return ImageStore.UNKNOWN;
    }
    ImageSource known = source.get();
    Map<String, ReleasedImage> missing = new HashMap<>(release.images());
    missing.values().removeIf(image -> state.images().containsKey(image.pinned()));
    try (Inquiry inquiry = new Inquiry()) {
      Supplier<List<StoredImage>> stored = inquiry.ask(this::stored);
      Supplier<Set<String>> inUse = inquiry.ask(this::inUse);
      Supplier<OptionalLong> free = inquiry.ask(this::freeBytes);
      Map<String, List<ImageLayer>> layers = layers(known, missing);
      Roads roads = roads(known, List.copyOf(missing.values()));
      return new ImageStore(
          stored.get(),
          inUse.get(),
          free.get(),
          layers,
          roads,
          history.kept(release.commit(), known.wanted().keep()));
    }
  }

  private Set<String> inUse() {
    return Set.copyOf(
        server.run(commands.images().imagesInUse(), SHORT).standardOutput().lines().toList());
  }

  List<StoredImage> stored() {
    CommandResult result = server.run(commands.images().imageStore(), SHORT);
    List<StoredImage> images = new ArrayList<>();
    for (String line : result.standardOutput().lines().toList()) {
      JsonNode image = Json.tree(line);
      images.add(
          new StoredImage(
              image.path("id").asText(),
              Json.texts(image.path("tags")),
              Json.texts(image.path("digests")),
              Json.texts(image.path("layers"))));
    }
    return images;
  }

  private OptionalLong freeBytes() {
    return FreeSpace.bytes(server.run(commands.freeSpace(), SHORT));
  }

  private Map<String, List<ImageLayer>> layers(
      ImageSource known, Map<String, ReleasedImage> missing) {
    Map<String, List<ImageLayer>> layers = new HashMap<>();
    missing.forEach(
        (service, image) -> {
          Optional<RegistryClient> registry = known.look();
          if (image.digest().isPresent() && registry.isPresent()) {
            try {
              List<ImageLayer> read = ImageSender.read(registry.get(), image).layers();
              read.forEach(layer -> sizes.put(layer.digest(), layer.size()));
              layers.put(service, read);
            } catch (SlipwayException unknown) {
              // The plan says that it is not known; the pull tells why.
            }
          }
        });
    return layers;
  }

  private Roads roads(ImageSource known, List<ReleasedImage> missing) {
    Transfer transfer = known.wanted().transfer();
    Optional<String> closed =
        missing.isEmpty() || transfer == Transfer.SSH ? Optional.empty() : closed(missing.get(0));
    Optional<String> obstacle =
        missing.isEmpty()
            ? known.silence()
            : missing.stream().flatMap(image -> known.obstacle(image).stream()).findFirst();
    return new Roads(transfer, closed, obstacle, known.withoutLatest());
  }

  /** Why the server cannot pull from the registry of an image. */
  private Optional<String> closed(ReleasedImage image) {
    CommandResult answer =
        server.run(
            login
                .map(
                    known ->
                        commands
                            .images()
                            .checkLogin(known.registry(), known.user(), known.password()))
                .orElseGet(() -> commands.images().probe(image.name())),
            SHORT);
    return RegistryReach.obstacle(answer)
        .map(why -> "the server does not reach " + registry(image) + " (" + why + ")");
  }

  private static String registry(ReleasedImage image) {
    return ImageReference.parse(image.name()).registry().orElse("docker.io");
  }

  /** Pulls an image by digest, with a login of its own, and gives it its name. */
  public void pull(ReleasedImage image) {
    CommandResult result =
        server.run(
            login
                .map(
                    known ->
                        commands
                            .images()
                            .pull(image.pinned(), known.registry(), known.user(), known.password()))
                .orElseGet(() -> commands.images().pull(image.pinned())),
            PULL,
            new PullProgress(sizes, log::progress));
    if (result.exitStatus() == ImageCommands.LOGIN_REFUSED && login.isPresent()) {
      throw loginRefused(login.get(), result);
    }
    Remote.demand(
        result,
        "docker pull " + image.pinned(),
        "Check that the server reaches the registry and that the image is still there.");
    tag(image.pinned(), image);
  }

  private static SlipwayException loginRefused(RegistryLogin refused, CommandResult result) {
    return new SlipwayException(
        ExitCode.FAILED_OLD_VERSION_SERVING,
        refused.name()
            + " does not let "
            + refused.user()
            + " in: "
            + result.tail(1)
            + " Token expired?",
        "Renew " + refused.variable() + " and deploy again; what the server has it keeps.");
  }

  /** Sends an image through SSH and gives it its name. */
  public void send(ReleasedImage image) {
    ImageSource known =
        source.orElseThrow(
            () -> new IllegalStateException("a plan without a source sends nothing"));
    new ImageSender(server, commands, log, clock).send(known.open(image), image, stored());
  }

  /** Gives an image, by any of its names or its id, the name that the compose file asks for. */
  public void tag(String known, ReleasedImage image) {
    ShellCommand tag = commands.images().tag(known, image.tagged());
    Remote.demand(server.run(tag, SHORT), tag.toString(), "Look at `docker images` on the server.");
  }

  /** Removes images, and says what that freed; one that cannot go is told, not thrown. */
  public void remove(List<StoredImage> images) {
    OptionalLong before = freeBytes();
    int removed = 0;
    for (StoredImage image : images) {
      CommandResult result = server.run(commands.images().removeImage(image.names()), REMOVE);
      if (result.succeeded()) {
        removed++;
      } else {
        log.note(image.names().get(0) + " stays: " + result.tail(1));
      }
    }
    OptionalLong after = freeBytes();
    log.imagesRemoved(
        removed,
        before.isPresent() && after.isPresent()
            ? Math.max(0, after.getAsLong() - before.getAsLong())
            : 0);
  }
}
