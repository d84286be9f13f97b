package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.Json;
import dev.slipway.plan.Attachment;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.PublishedPort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One container of a service, of which a swap makes two for a while.
 *
 * @param told what the engine tells of it
 */
public record Instance(JsonNode told) {

  /** The end of a new container's name until the old one is gone. */
  static final String NEXT = "-next";

  /** The end of the name of an edge's new container while it is tried without its port. */
  static final String TRIAL = "-trial";

  /** Where the engine tells what a container joins. */
  static final List<String> SPACES = List.of("NetworkMode", "PidMode", "IpcMode");

  /** How it tells that. */
  static final String OF_A_CONTAINER = "container:";

  private static final Set<String> MODES = Set.of("host", "bridge", "none");

  /** How compose ends the name that it gives a container itself. */
  private static final Pattern NUMBERED = Pattern.compile(".*[-_]\\d+/");

  /** The variable that compose 1 gives a container in place of another, with that one's id. */
  private static final String AFFINITY = "affinity:container";

  /** A volume that nobody named. */
  private static final Pattern UNNAMED = Pattern.compile("[0-9a-f]{64}:");

  /** How the labels begin that compose gives a container. */
  private static final String COMPOSE = "com.docker.compose.";

  /** The label with which compose counts the containers of a service. */
  static final String NUMBER = "com.docker.compose.container-number";

  /**
   * Which of several containers stands for its service: one that runs and goes on running, and the
   * older name.
   *
   * @param stopping ids of those that were told to stop
   */
  static Comparator<Instance> standing(Set<String> stopping) {
    return Comparator.comparing(Instance::isSpare)
        .thenComparing((Instance each) -> !each.runs())
        .thenComparing((Instance each) -> stopping.contains(each.id()))
        .thenComparing(Instance::isNext)
        .thenComparing(Instance::name);
  }

  /** The engine's id. */
  public String id() {
    return told.path("Id").asText();
  }

  String name() {
    return told.path("Name").asText().replaceFirst("^/", "");
  }

  /** The service whose container it is. */
  public String service() {
    return told.at("/Config/Labels/com.docker.compose.service").asText();
  }

  /** The id of the image that it runs. */
  public String image() {
    return told.path("Image").asText();
  }

  /** When it was made, to the second; nothing where the engine does not tell. */
  public Optional<String> created() {
    String text = told.path("Created").asText();
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(Instant.parse(text).truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** When it was started last; nothing where it never was, for which the engine says the year 1. */
  public Optional<Instant> startedAt() {
    try {
      return Optional.of(Instant.parse(told.at("/State/StartedAt").asText()))
          .filter(at -> at.isAfter(Instant.EPOCH));
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  /** Compose's own hash of what it was made with; empty without one. */
  public String configuration() {
    return told.at("/Config/Labels/com.docker.compose.config-hash").asText();
  }

  /**
   * A hash of what the engine was told of it, but for what any other container of the service may
   * have otherwise: its id, the name of its image, compose's labels, volumes without a name.
   */
  public String settings() {
    Map<String, JsonNode> config = properties(told.path("Config"));
    config.keySet().removeAll(Set.of("Image", "Labels", "Env"));
    if (id().startsWith(told.at("/Config/Hostname").asText())) {
      config.remove("Hostname");
    }
    Map<String, JsonNode> labels = properties(told.at("/Config/Labels"));
    labels.keySet().removeIf(label -> label.startsWith(COMPOSE));
    Map<String, JsonNode> host = properties(told.path("HostConfig"));
    host.keySet().removeAll(Set.of("Binds", "Mounts"));
    Map<String, String> environment = environment();
    environment.remove(AFFINITY);
    return sha256(Json.line(List.of(config, labels, environment, host, named(), networks())));
  }

  /** Its mounts, but for volumes without a name. */
  private Set<String> named() {
    Set<String> named = new TreeSet<>();
    told.at("/HostConfig/Binds").forEach(bind -> named.add(bind.asText()));
    for (JsonNode mount : told.at("/HostConfig/Mounts")) {
      String source = mount.path("Source").asText();
      if (!source.isEmpty() || !mount.path("Type").asText().equals("volume")) {
        named.add(source + ":" + mount);
      }
    }
    named.removeIf(mount -> UNNAMED.matcher(mount).lookingAt());
    return named;
  }

  private static Map<String, JsonNode> properties(JsonNode object) {
    Map<String, JsonNode> properties = new TreeMap<>();
    object.properties().forEach(each -> properties.put(each.getKey(), each.getValue()));
    return properties;
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Whether it was made from other compose files than one of this name, or from more; not where
   * nothing tells.
   */
  public boolean madeElsewhere(String composeFile) {
    String files = told.at("/Config/Labels/com.docker.compose.project.config_files").asText();
    return !files.isEmpty() && !lastSegment(files).equals(lastSegment(composeFile));
  }

  /** Of several files, which a comma joins, more than a name. */
  private static String lastSegment(String files) {
    return files.contains(",") ? files : files.substring(files.lastIndexOf('/') + 1);
  }

  /** The engine's word for what it does: {@code running}, {@code exited} and others. */
  public String state() {
    return told.at("/State/Status").asText();
  }

  /** Whether it runs; one that restarts does not. */
  public boolean runs() {
    return state().equals("running");
  }

  /** The check that it or its image names, which may be none. */
  HealthCheck healthCheck() {
    return new HealthCheck(told);
  }

  /** The signal that asks it to end, where it wants another than SIGTERM. */
  String stopSignal() {
    return told.at("/Config/StopSignal").asText("SIGTERM");
  }

  /** The ids of the containers whose network, processes or shared memory it joins. */
  Set<String> joined() {
    return SPACES.stream()
        .map(space -> told.path("HostConfig").path(space).asText())
        .filter(mode -> mode.startsWith(OF_A_CONTAINER))
        .map(mode -> mode.substring(OF_A_CONTAINER.length()))
        .collect(Collectors.toSet());
  }

  /** Whether it has no network of its own. */
  boolean joinsNetwork() {
    return told.at("/HostConfig/NetworkMode").asText().startsWith(OF_A_CONTAINER);
  }

  int restarts() {
    return told.path("RestartCount").asInt();
  }

  boolean isNext() {
    return endsWith(NEXT);
  }

  /** The name of a new container once the old one is gone: what else is in it stays. */
  String nameAfterwards() {
    return name().replaceFirst(NEXT + "$", "");
  }

  /** Not one whose name the compose file gives: a swap makes names from compose's own. */
  private boolean endsWith(String suffix) {
    return NUMBERED.matcher(name().replaceFirst(suffix + "$", "/")).matches();
  }

  /**
   * The name that compose gives the first container of a service, from the one that it gave another
   * itself: what stands there may have a name from the file, or another number.
   */
  String firstName() {
    return name().replaceFirst("\\d+$", "1");
  }

  /** Whether a swap that was cut off left it and nothing serves through it. */
  boolean isSpare() {
    return endsWith(TRIAL)
        || (state().equals("created")
            && !told.at("/Config/Labels").path(NUMBER).asText("1").equals("1"));
  }

  /** Its addresses by network; none while it does not run. */
  Map<String, String> addresses() {
    Map<String, String> addresses = new TreeMap<>();
    told.at("/NetworkSettings/Networks")
        .properties()
        .forEach(
            network -> {
              String address = network.getValue().path("IPAddress").asText("");
              if (!address.isEmpty()) {
                addresses.put(network.getKey(), address);
              }
            });
    return addresses;
  }

  /** Whether one of its networks has given it an address of IPv6. */
  boolean hasIpv6() {
    return told.at("/NetworkSettings/Networks").properties().stream()
        .anyMatch(network -> !network.getValue().path("GlobalIPv6Address").asText("").isEmpty());
  }

  /** The lowest TCP port that its image or service opens to others. */
  Optional<Integer> port() {
    return told.at("/Config/ExposedPorts").properties().stream()
        .map(Map.Entry::getKey)
        .filter(port -> port.endsWith("/tcp"))
        .map(port -> Integer.valueOf(port.replace("/tcp", "")))
        .min(Comparator.naturalOrder());
  }

  /** What the planner needs to know of it. */
  public ContainerState asState() {
    Map<Integer, PublishedPort> ports = new HashMap<>();
    told.at("/NetworkSettings/Ports")
        .properties()
        .forEach(
            port -> {
              if (!port.getKey().endsWith("/tcp")) {
                return;
              }
              int inside = Integer.parseInt(port.getKey().replaceFirst("/.*", ""));
              port.getValue()
                  .forEach(
                      binding ->
                          ports.putIfAbsent(
                              inside,
                              PublishedPort.of(
                                  binding.path("HostIp").asText(),
                                  binding.path("HostPort").asInt())));
            });
    if (ports.isEmpty() && runs()) {
      port().ifPresent(port -> ports.put(port, unpublished(port)));
    }
    return new ContainerState(
        id(),
        told.at("/Config/Image").asText(),
        image(),
        state(),
        healthCheck().state(),
        ports,
        restarts(),
        told.at("/State/ExitCode").asInt());
  }

  /** As another proxy on the server reaches an edge that publishes nothing. */
  private PublishedPort unpublished(int port) {
    return PublishedPort.of(addresses().values().stream().findFirst().orElse(""), port);
  }

  /** Its networks; the engine's older APIs connect a new container to the first one alone. */
  List<String> networks() {
    String first = told.at("/HostConfig/NetworkMode").asText();
    return told.at("/NetworkSettings/Networks").properties().stream()
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing((String name) -> !name.equals(first)))
        .toList();
  }

  /** Its variables, those of its image too. */
  public Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (JsonNode assignment : told.at("/Config/Env")) {
      String[] parts = assignment.asText().split("=", 2);
      environment.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return environment;
  }

  /** What it is attached to; by none of its networks where it has another mode than compose's. */
  public Attachment attachment() {
    Map<String, String> volumes = new TreeMap<>();
    for (JsonNode mount : told.path("Mounts")) {
      String kind = mount.path("Type").asText();
      if (kind.equals("volume") || kind.equals("bind")) {
        String name = mount.path(kind.equals("volume") ? "Name" : "Source").asText();
        volumes.put(mount.path("Destination").asText(), name);
      }
    }
    return new Attachment(
        networks().stream().filter(name -> !MODES.contains(name)).collect(Collectors.toSet()),
        volumes,
        true);
  }

  /**
   * The files and folders of the server that it mounts; those below the folder of its compose file
   * relative to that.
   */
  public Set<String> mountedFiles() {
    String folder = told.at("/Config/Labels/com.docker.compose.project.working_dir").asText() + "/";
    boolean within = folder.length() > 1;
    Set<String> files = new TreeSet<>();
    for (JsonNode mount : told.path("Mounts")) {
      String source = mount.path("Source").asText();
      if (mount.path("Type").asText().equals("bind")) {
        files.add(within && source.startsWith(folder) ? source.substring(folder.length()) : source);
      }
    }
    return files;
  }

  /** The names by which a network knows it, but for those that are this container's alone. */
  List<String> aliases(String network) {
    List<String> aliases = new ArrayList<>();
    network(network)
        .path("Aliases")
        .forEach(
            alias -> {
              String name = alias.asText();
              if (!id().startsWith(name) && !name.equals(name())) {
                aliases.add(name);
              }
            });
    return aliases;
  }

  JsonNode network(String name) {
    return told.at("/NetworkSettings/Networks").path(name);
  }
}
