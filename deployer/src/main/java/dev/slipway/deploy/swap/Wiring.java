package dev.slipway.deploy.swap;

import dev.slipway.Json;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What compose connects a new container to. Compose 1.29 does most of it only when it starts a
 * container: one that it has just created is on the first of its networks, and has no links.
 *
 * @see <a href="https://github.com/docker/compose/blob/1.29.2/compose/service.py">compose 1.29,
 *     connect_container_to_networks</a>
 */
final class Wiring {

  /**
   * A network that it is on.
   *
   * @param aliases the names by which the network knows it
   * @param links the names, each after that of a container, by which it knows others alone
   */
  record Endpoint(String network, List<String> aliases, List<String> links) {

    /** Copies. */
    Endpoint {
      aliases = List.copyOf(aliases);
      links = List.copyOf(links);
    }

    /** The same by one more name. */
    Endpoint with(String alias) {
      List<String> names = Stream.concat(aliases.stream(), Stream.of(alias)).distinct().toList();
      return new Endpoint(network, names, links);
    }
  }

  private final Optional<ComposeFile> compose;
  private final String project;
  private final Containers now;

  private Wiring(Optional<ComposeFile> compose, String project, Containers now) {
    this.compose = compose;
    this.project = project;
    this.now = now;
  }

  /** By what the engine tells of containers that compose has created. */
  static Wiring asCreated(Containers now) {
    return new Wiring(Optional.empty(), "", now);
  }

  /**
   * By the compose file.
   *
   * @param config what {@code docker-compose config} printed
   */
  static Wiring of(String config, String project, Containers now) {
    Optional<ComposeFile> compose =
        ComposeFile.read(
            "docker-compose config", config, Map.of(), path -> Optional.empty(), new Problems());
    return new Wiring(compose, project, now);
  }

  /**
   * The networks of a container that is to stand in the place of the first one, if there is one,
   * and none of one that joins another's; also by the first one's name, which it can take only when
   * that one has gone. Until then an edge that asks by this name, or by a link, which leads to it,
   * finds both.
   *
   * @param second what compose has created in that place
   */
  List<Endpoint> endpoints(Instance second, Optional<Instance> first) {
    if (second.joinsNetwork()) {
      return List.of();
    }
    return compose
        .flatMap(file -> Optional.ofNullable(file.services().get(second.service())))
        .map(service -> asStarted(service, compose.orElseThrow(), second.networks()))
        .orElseGet(() -> created(second))
        .stream()
        .map(endpoint -> first.map(Instance::nameAfterwards).map(endpoint::with).orElse(endpoint))
        .toList();
  }

  private static List<Endpoint> created(Instance second) {
    return second.networks().stream()
        .map(
            network ->
                new Endpoint(
                    network,
                    second.aliases(network),
                    Json.texts(second.network(network).path("Links"))))
        .toList();
  }

  private List<Endpoint> asStarted(ServiceSpec service, ComposeFile file, List<String> created) {
    List<String> links = links(file, service.name());
    return service.networks().stream()
        .map(
            key ->
                new Endpoint(
                    file.ownName("networks", key, project), aliases(service, key, file), links))
        .sorted(Comparator.comparing((Endpoint each) -> !created.contains(each.network())))
        .toList();
  }

  private static List<String> aliases(ServiceSpec service, String key, ComposeFile file) {
    List<String> aliases = new ArrayList<>(List.of(service.name()));
    if (file.serviceNode(service.name()).get("networks").orElse(null)
            instanceof YamlNode.Mapping networks
        && networks.get(key).orElse(null) instanceof YamlNode.Mapping settings) {
      aliases.addAll(texts(settings, "aliases"));
    }
    return aliases;
  }

  private List<String> links(ComposeFile file, String service) {
    List<String> links = new ArrayList<>(texts(file.serviceNode(service), "external_links"));
    for (ComposeFile.Link link : file.links(service)) {
      Optional.ofNullable(now.firsts().get(link.service()))
          .ifPresent(container -> links.add(container.nameAfterwards() + ":" + link.name()));
    }
    return links;
  }

  private static List<String> texts(YamlNode.Mapping node, String key) {
    return node.get(key).orElse(null) instanceof YamlNode.Sequence items
        ? items.items().stream()
            .filter(YamlNode.Scalar.class::isInstance)
            .map(item -> ((YamlNode.Scalar) item).text())
            .toList()
        : List.of();
  }
}
