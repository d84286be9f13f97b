package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.YamlNode;
import dev.slipway.platform.yaml.YamlNode.Entry;
import dev.slipway.platform.yaml.YamlNode.Mapping;
import dev.slipway.platform.yaml.YamlNode.Scalar;
import dev.slipway.platform.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies a rewrite to the tree of a compose file. */
final class ComposeRewriter {

  private final ComposeFile compose;
  private final ComposeRewrite rewrite;

  ComposeRewriter(ComposeFile compose, ComposeRewrite rewrite) {
    this.compose = compose;
    this.rewrite = rewrite;
    for (String name : rewrite.images().keySet()) {
      requireService(name);
    }
    rewrite.isolated().forEach(this::requireService);
  }

  private void requireService(String name) {
    if (!compose.services().containsKey(name)) {
      throw new IllegalArgumentException("%s has no service '%s'".formatted(compose.file(), name));
    }
  }

  Mapping rewrite(Mapping document) {
    Mapping changed = rewrite.isolated().isEmpty() ? document : document.without("name");
    Mapping services = section(document, "services");
    for (ServiceSpec service : compose.services().values()) {
      services = services.with(service.name(), service(service));
    }
    changed = changed.with("services", services);
    Mapping networks = section(document, "networks");
    if (usesDefaultNetwork() && networks.get("default").isEmpty()) {
      networks = networks.with("default", Mapping.empty(1));
    }
    Mapping volumes = section(document, "volumes");
    for (Map<String, String> mounts : rewrite.mounts().values()) {
      for (String source : mounts.values()) {
        volumes = source.startsWith("/") ? volumes : volumes.with(source, Mapping.empty(1));
      }
    }
    return withResources(withResources(changed, "networks", networks), "volumes", volumes);
  }

  private static Mapping section(Mapping document, String key) {
    return document.get(key).orElse(Mapping.empty(1)) instanceof Mapping mapping
        ? mapping
        : Mapping.empty(1);
  }

  private Mapping service(ServiceSpec spec) {
    Mapping service = compose.serviceNode(spec.name());
    String image = rewrite.images().get(spec.name());
    if (image != null) {
      service = service.with("image", literal(image)).without("build").without("pull_policy");
    }
    if (rewrite.isolated().contains(spec.name())) {
      service = isolated(service, spec);
    }
    return labelled(mounted(service, spec));
  }

  /** In the short syntax, which compose v1 knows whatever version the file has. */
  private Mapping mounted(Mapping service, ServiceSpec spec) {
    Map<String, String> mounts = rewrite.mounts().getOrDefault(spec.name(), Map.of());
    if (mounts.isEmpty() || !(service.get("volumes").orElse(null) instanceof Sequence volumes)) {
      return service;
    }
    List<YamlNode> items = new ArrayList<>();
    Iterator<VolumeMount> read = spec.volumes().iterator();
    for (YamlNode item : volumes.items()) {
      String target = item instanceof Scalar || item instanceof Mapping ? read.next().target() : "";
      String source = mounts.get(target);
      items.add(
          source == null
              ? item
              : literal(source + ":" + target + (source.startsWith("/") ? ":ro" : "")));
    }
    return service.with("volumes", new Sequence(items, volumes.line()));
  }

  private Mapping isolated(Mapping service, ServiceSpec spec) {
    Mapping alone = named(service).without("container_name").without("restart");
    List<YamlNode> ports =
        spec.ports().stream()
            .map(PortMapping::ephemeral)
            .distinct()
            .<YamlNode>map(port -> Scalar.quoted(port, 1))
            .toList();
    return ports.isEmpty() ? alone.without("ports") : alone.with("ports", new Sequence(ports, 1));
  }

  /** By the name of its container others find it, too; that becomes a name in its networks. */
  private static Mapping named(Mapping service) {
    if (!(ComposeValues.present(service, "container_name").orElse(null) instanceof Scalar name)
        || ComposeValues.present(service, "network_mode").isPresent()) {
      return service;
    }
    Mapping named = Mapping.empty(1);
    for (Map.Entry<String, Mapping> network : networks(service).entrySet()) {
      Sequence others =
          network.getValue().get("aliases").orElse(null) instanceof Sequence aliases
              ? aliases
              : new Sequence(List.of(), 1);
      named =
          named.with(
              network.getKey(), network.getValue().with("aliases", others.plus(List.of(name))));
    }
    return service.with("networks", named);
  }

  private static Map<String, Mapping> networks(Mapping service) {
    Map<String, Mapping> networks = new LinkedHashMap<>();
    YamlNode node = ComposeValues.present(service, "networks").orElse(Mapping.empty(1));
    if (node instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (key, entry) ->
                  networks.put(
                      key, entry.value() instanceof Mapping body ? body : Mapping.empty(1)));
    } else {
      Assignment.in(node).forEach(each -> networks.put(each.key(), Mapping.empty(1)));
    }
    return networks.isEmpty() ? Map.of("default", Mapping.empty(1)) : networks;
  }

  private boolean usesDefaultNetwork() {
    return compose.services().keySet().stream()
        .map(compose::serviceNode)
        .filter(service -> ComposeValues.present(service, "network_mode").isEmpty())
        .map(service -> ComposeValues.present(service, "networks"))
        .anyMatch(networks -> networks.map(ComposeRewriter::namesDefault).orElse(true));
  }

  private static boolean namesDefault(YamlNode networks) {
    return networks instanceof Mapping mapping
        ? mapping.entries().containsKey("default")
        : Assignment.in(networks).stream().anyMatch(each -> each.key().equals("default"));
  }

  private Mapping withResources(Mapping document, String key, Mapping resources) {
    if (resources.entries().isEmpty()) {
      return document;
    }
    Mapping changed = resources;
    for (Map.Entry<String, Entry> resource : resources.entries().entrySet()) {
      Mapping body = resource.getValue().value() instanceof Mapping own ? own : Mapping.empty(1);
      if (!rewrite.isolated().isEmpty()) {
        body = body.without("name").without("external");
        if (key.equals("volumes")) { // which may lie in a folder of the host, too
          body = body.without("driver").without("driver_opts");
        }
      } else if (ComposeFile.isExternal(body)) {
        continue;
      }
      changed = changed.with(resource.getKey(), labelled(body));
    }
    return document.with(key, changed);
  }

  private Mapping labelled(Mapping body) {
    if (rewrite.labels().isEmpty()) {
      return body;
    }
    Optional<YamlNode> own = ComposeValues.present(body, "labels");
    if (own.isPresent() && own.get() instanceof Sequence list) {
      List<Scalar> more = new ArrayList<>();
      rewrite.labels().forEach((key, value) -> more.add(literal(key + "=" + value)));
      return body.with("labels", list.plus(more));
    }
    Mapping labels =
        own.isPresent() && own.get() instanceof Mapping mapping ? mapping : Mapping.empty(1);
    for (Map.Entry<String, String> label : rewrite.labels().entrySet()) {
      labels = labels.with(label.getKey(), literal(label.getValue()));
    }
    return body.with("labels", labels);
  }

  /** A text that compose must not interpolate. */
  private static Scalar literal(String text) {
    return Scalar.quoted(text.replace("$", "$$"), 1);
  }
}
