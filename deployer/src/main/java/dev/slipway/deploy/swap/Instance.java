package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.Json;
import dev.slipway.plan.ContainerState;
import dev.slipway.plan.PublishedPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  /** The engine's own, where an image or a service names none. */
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(30);

  private static final Pattern UNNAMED = Pattern.compile("[0-9a-f]{64}");

  /** How compose ends the name that it gives a container itself. */
  private static final Pattern NUMBERED = Pattern.compile(".*[-_]\\d+/");

  private static final String NUMBER = "com.docker.compose.container-number";

  /**
   * Which of several containers stands for its service: one that runs and goes on running, and the
   * older name.
   *
   * @param stopping ids of those that were told to stop
   */
  static Comparator<Instance> standing(Set<String> stopping) {
    return Comparator.comparing(Instance::isSpare)
        .thenComparing((Instance each) -> !each.state().equals("running"))
        .thenComparing((Instance each) -> stopping.contains(each.id()))
        .thenComparing(Instance::isNext)
        .thenComparing(Instance::name);
  }

  String id() {
    return told.path("Id").asText();
  }

  String name() {
    return told.path("Name").asText().replaceFirst("^/", "");
  }

  String service() {
    return told.at("/Config/Labels/com.docker.compose.service").asText();
  }

  String image() {
    return told.path("Image").asText();
  }

  /** Compose's own hash of what it was made with; empty without one. */
  public String configuration() {
    return told.at("/Config/Labels/com.docker.compose.config-hash").asText();
  }

  /** The engine's word for what it does: {@code running}, {@code exited} and others. */
  public String state() {
    return told.at("/State/Status").asText();
  }

  Optional<String> health() {
    JsonNode health = told.at("/State/Health/Status");
    return health.isTextual() ? Optional.of(health.asText()) : Optional.empty();
  }

  /**
   * What its health check runs in it; nothing without one.
   *
   * @see <a href="https://docs.docker.com/reference/dockerfile/#healthcheck">HEALTHCHECK</a>
   */
  List<String> healthCheck() {
    List<String> test = Json.texts(told.at("/Config/Healthcheck/Test"));
    String kind = test.isEmpty() ? "NONE" : test.get(0);
    List<String> words = test.stream().skip(1).toList();
    return switch (kind) {
      case "CMD" -> words;
      case "CMD-SHELL" -> Stream.concat(shell().stream(), words.stream()).toList();
      default -> List.of();
    };
  }

  /** How long its health check may take, in whole seconds. */
  Duration healthTimeout() {
    long nanos = told.at("/Config/Healthcheck/Timeout").asLong();
    return nanos == 0
        ? HEALTH_TIMEOUT
        : Duration.ofSeconds(Duration.ofNanos(nanos).plusSeconds(1).minusNanos(1).toSeconds());
  }

  private List<String> shell() {
    List<String> shell = Json.texts(told.at("/Config/Shell"));
    return shell.isEmpty() ? List.of("/bin/sh", "-c") : shell;
  }

  /** The signal that asks it to end, where it wants another than SIGTERM. */
  String stopSignal() {
    return told.at("/Config/StopSignal").asText("SIGTERM");
  }

  /** What its health check printed, the newest last. */
  List<String> healthLog() {
    List<String> lines = new ArrayList<>();
    told.at("/State/Health/Log")
        .forEach(check -> check.path("Output").asText().strip().lines().forEach(lines::add));
    return lines;
  }

  int restarts() {
    return told.path("RestartCount").asInt();
  }

  boolean isNext() {
    return endsWith(NEXT);
  }

  /** Not one whose name the compose file gives: a swap makes names from compose's own. */
  private boolean endsWith(String suffix) {
    return NUMBERED.matcher(name().replaceFirst(suffix + "$", "/")).matches();
  }

  /** The name that compose gives the first container of the service where its file gives none. */
  String numberedName() {
    String project = told.at("/Config/Labels/com.docker.compose.project").asText();
    return NUMBERED.matcher(name() + "/").matches() ? name() : project + "-" + service() + "-1";
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
    if (ports.isEmpty() && state().equals("running")) {
      port().ifPresent(port -> ports.put(port, unpublished(port)));
    }
    return new ContainerState(
        id(),
        told.at("/Config/Image").asText(),
        image(),
        state(),
        health(),
        ports,
        restarts(),
        told.at("/State/ExitCode").asInt());
  }

  /** As another proxy on the server reaches an edge that publishes nothing. */
  private PublishedPort unpublished(int port) {
    return PublishedPort.of(addresses().values().stream().findFirst().orElse(""), port);
  }

  /**
   * The body of the engine's request that creates the container which compose would have created in
   * place of the first one, from the second one that it did create. Volumes without a name pass on
   * to it, as they do when compose replaces a container itself.
   *
   * @param publishing whether it gets its ports on the server
   * @see <a href="https://docs.docker.com/reference/cli/docker/compose/up/">compose up,
   *     --renew-anon-volumes</a>
   */
  ObjectNode asFirst(Instance first, boolean publishing) {
    ObjectNode body = told.path("Config").deepCopy();
    if (id().startsWith(body.path("Hostname").asText())) {
      body.remove("Hostname");
    }
    body.withObject("/Labels").put(NUMBER, "1");
    ObjectNode host = told.path("HostConfig").deepCopy();
    if (!publishing) {
      host.remove("PortBindings");
      host.put("PublishAllPorts", false);
    }
    Map<String, String> passedOn = first.unnamedVolumes();
    passedOn.keySet().retainAll(unnamedVolumes().keySet());
    host.path("Mounts")
        .forEach(
            mount -> {
              String volume = passedOn.remove(mount.path("Target").asText());
              if (volume != null && mount instanceof ObjectNode known) {
                known.put("Source", volume);
              }
            });
    passedOn.forEach((place, volume) -> host.withArray("/Binds").add(volume + ":" + place));
    body.set("HostConfig", host);
    ObjectNode endpoints = JsonNodeFactory.instance.objectNode();
    networks().stream()
        .limit(1)
        .forEach(
            network -> {
              ObjectNode endpoint = endpoints.putObject(network);
              aliases(network).forEach(endpoint.putArray("Aliases")::add);
              endpoint.set("Links", network(network).path("Links"));
              endpoint.set("IPAMConfig", network(network).path("IPAMConfig"));
            });
    body.putObject("NetworkingConfig").set("EndpointsConfig", endpoints);
    return body;
  }

  /** The names that the engine gave to volumes which nobody named, by where they are mounted. */
  private Map<String, String> unnamedVolumes() {
    Map<String, String> volumes = new TreeMap<>();
    told.path("Mounts")
        .forEach(
            mount -> {
              String name = mount.path("Name").asText();
              if (mount.path("Type").asText().equals("volume") && UNNAMED.matcher(name).matches()) {
                volumes.put(mount.path("Destination").asText(), name);
              }
            });
    return volumes;
  }

  /** Its networks; the engine's older APIs connect a new container to the first one alone. */
  List<String> networks() {
    String first = told.at("/HostConfig/NetworkMode").asText();
    return told.at("/NetworkSettings/Networks").properties().stream()
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing((String name) -> !name.equals(first)))
        .toList();
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

  private JsonNode network(String name) {
    return told.at("/NetworkSettings/Networks").path(name);
  }
}
