package dev.slipway.platform;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.YamlNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names by which one container of a platform can find another.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/services/#aliases">Compose
 *     specification, aliases</a>
 */
public final class HostNames {

  private HostNames() {}

  /** The services by these names, in lower case; a service's own name is never another's. */
  public static Map<String, String> of(Platform platform) {
    Map<String, String> services = new TreeMap<>();
    for (ServiceSpec service : platform.compose().services().values()) {
      for (String name : names(service, platform)) {
        services.putIfAbsent(name.toLowerCase(Locale.ROOT), service.name());
      }
    }
    platform
        .compose()
        .services()
        .keySet()
        .forEach(name -> services.put(name.toLowerCase(Locale.ROOT), name));
    platform.service(Role.EDGE).ifPresent(edge -> addLinks(edge, platform.compose(), services));
    return services;
  }

  /** The names by which it alone knows others. */
  private static void addLinks(
      ServiceSpec service, ComposeFile compose, Map<String, String> services) {
    for (ComposeFile.Link link : compose.links(service.name())) {
      if (compose.services().containsKey(link.service())) {
        services.putIfAbsent(link.name().toLowerCase(Locale.ROOT), link.service());
      }
    }
  }

  private static Set<String> names(ServiceSpec service, Platform platform) {
    Set<String> names = given(service, platform.compose());
    platform
        .compose()
        .serviceNode(service.name())
        .get("hostname")
        .ifPresent(each -> add(each, names));
    names.add(platform.name() + "-" + service.name() + "-1");
    names.add(platform.name() + "_" + service.name() + "_1");
    return names;
  }

  /** The names beside its own that the compose file gives a service in its networks. */
  public static Set<String> given(ServiceSpec service, ComposeFile compose) {
    Set<String> names = new LinkedHashSet<>();
    service.containerName().ifPresent(names::add);
    if (compose.serviceNode(service.name()).get("networks").orElse(null)
        instanceof YamlNode.Mapping networks) {
      for (YamlNode.Entry network : networks.entries().values()) {
        if (network.value() instanceof YamlNode.Mapping settings
            && settings.get("aliases").orElse(null) instanceof YamlNode.Sequence aliases) {
          aliases.items().forEach(alias -> add(alias, names));
        }
      }
    }
    return names;
  }

  private static void add(YamlNode node, Set<String> names) {
    if (node instanceof YamlNode.Scalar scalar) {
      names.add(scalar.text());
    }
  }
}
