package dev.slipway.deploy.swap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The container that is to take the place of another one. */
final class Successor {

  private static final Pattern UNNAMED = Pattern.compile("[0-9a-f]{64}");

  private Successor() {}

  /**
   * The body of the engine's request that creates the container which compose would have created in
   * place of the first one, from the second one that it did create. Volumes without a name pass on
   * to it, as they do when compose replaces a container itself.
   *
   * @param first none where the service is new
   * @param publishing whether it gets its ports on the server
   * @param endpoints its networks; the engine's older APIs connect a new container to the first one
   *     alone
   * @param successors the ids of new containers, by those in whose place they stand
   * @see <a href="https://docs.docker.com/reference/cli/docker/compose/up/">compose up,
   *     --renew-anon-volumes</a>
   */
  static ObjectNode of(
      Instance second,
      Optional<Instance> first,
      boolean publishing,
      List<Wiring.Endpoint> endpoints,
      Map<String, String> successors) {
    ObjectNode body = second.told().path("Config").deepCopy();
    if (second.id().startsWith(body.path("Hostname").asText())) {
      body.remove("Hostname");
    }
    body.withObject("/Labels").put(Instance.NUMBER, "1");
    ObjectNode host = second.told().path("HostConfig").deepCopy();
    if (!publishing) {
      host.remove("PortBindings");
      host.put("PublishAllPorts", false);
    }
    join(second, body, host, successors);
    Map<String, String> passedOn = first.map(Successor::unnamedVolumes).orElseGet(TreeMap::new);
    passedOn.keySet().retainAll(unnamedVolumes(second).keySet());
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
    ObjectNode networks = JsonNodeFactory.instance.objectNode();
    endpoints.stream()
        .limit(1)
        .forEach(
            endpoint -> {
              ObjectNode network = networks.putObject(endpoint.network());
              endpoint.aliases().forEach(network.putArray("Aliases")::add);
              endpoint.links().forEach(network.putArray("Links")::add);
              network.set("IPAMConfig", second.network(endpoint.network()).path("IPAMConfig"));
            });
    body.putObject("NetworkingConfig").set("EndpointsConfig", networks);
    return body;
  }

  /** Who joins another's network has no name and no ports of its own there. */
  private static void join(
      Instance second, ObjectNode body, ObjectNode host, Map<String, String> successors) {
    for (String space : Instance.SPACES) {
      String mode = host.path(space).asText();
      if (mode.startsWith(Instance.OF_A_CONTAINER)) {
        String joined = mode.substring(Instance.OF_A_CONTAINER.length());
        host.put(space, Instance.OF_A_CONTAINER + successors.getOrDefault(joined, joined));
      }
    }
    if (second.joinsNetwork()) {
      body.remove(List.of("Hostname", "Domainname", "ExposedPorts"));
    }
  }

  /** The names that the engine gave to volumes which nobody named, by where they are mounted. */
  private static Map<String, String> unnamedVolumes(Instance instance) {
    Map<String, String> volumes = new TreeMap<>();
    instance
        .told()
        .path("Mounts")
        .forEach(
            mount -> {
              String name = mount.path("Name").asText();
              if (mount.path("Type").asText().equals("volume") && UNNAMED.matcher(name).matches()) {
                volumes.put(mount.path("Destination").asText(), name);
              }
            });
    return volumes;
  }
}
