package dev.slipway.plan;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.VolumeMount;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a container is attached to, by the engine's names.
 *
 * @param networks by which others reach it; empty where that is not known
 * @param volumes by the path within it; folders of the server by their path there or, as a compose
 *     file has them, from its own folder
 * @param complete whether these are all
 */
public record Attachment(Set<String> networks, Map<String, String> volumes, boolean complete) {

  private static final Attachment UNKNOWN = new Attachment(Set.of(), Map.of(), false);
  private static final Pattern ANONYMOUS = Pattern.compile("[0-9a-f]{64}");

  /** Copies. */
  public Attachment {
    networks = Set.copyOf(networks);
    Map<String, String> paths = new TreeMap<>();
    volumes.forEach((path, name) -> paths.put(withoutEnd(path), name));
    volumes = Map.copyOf(paths);
  }

  /** What compose attaches each service of a file to, in a project. */
  static Map<String, Attachment> of(ComposeFile compose, String project) {
    Map<String, Attachment> attachments = new TreeMap<>();
    compose
        .services()
        .forEach((name, service) -> attachments.put(name, of(compose, service, project)));
    return attachments;
  }

  private static Attachment of(ComposeFile compose, ServiceSpec service, String project) {
    Set<String> networks = new TreeSet<>();
    service.networks().forEach(key -> networks.add(compose.ownName("networks", key, project)));
    Map<String, String> volumes = new TreeMap<>();
    boolean complete = true;
    for (VolumeMount mount : compose.writtenVolumes(service.name())) {
      String source = mount.source().orElse("");
      if (mount.target().contains("$")) {
        complete = false;
      } else if (mount.type().equals("bind")) {
        volumes.put(mount.target(), source.startsWith("/") ? source : "./" + source);
      } else if (mount.type().equals("volume") && !source.isEmpty()) {
        volumes.put(mount.target(), compose.ownName("volumes", source, project));
      }
    }
    boolean variable = networks.stream().anyMatch(Attachment::isVariable);
    return new Attachment(variable ? Set.of() : networks, volumes, complete);
  }

  /** That of a service, or one of which nothing is known. */
  static Attachment of(Map<String, Attachment> attachments, String service) {
    return attachments.getOrDefault(service, UNKNOWN);
  }

  /** Whether a name is not known, since it depends on a variable. */
  static boolean isVariable(String name) {
    return name.contains("$");
  }

  /** Whether the engine has made up the name of a volume, which compose then hands on. */
  static boolean isAnonymous(String volume) {
    return ANONYMOUS.matcher(volume).matches();
  }

  /** Whether it is a folder of the server. */
  static boolean isFolder(String volume) {
    return volume.startsWith("/") || volume.startsWith("./");
  }

  /** Whether a volume or folder that a compose file has is one that a container has. */
  static boolean isSame(String standing, String wanted) {
    if (isVariable(wanted)) {
      return true;
    }
    if (!wanted.startsWith("./")) {
      return withoutEnd(standing).equals(withoutEnd(wanted));
    }
    String path = wanted.replaceAll("/(?:\\./)+", "/").substring(1);
    return path.contains("..")
        || path.contains("~")
        || withoutEnd(standing).endsWith(withoutEnd(path));
  }

  private static String withoutEnd(String path) {
    return path.replaceFirst("(?<=.)/+$", "");
  }

  /** Whether a network leads from one to the other, as far as both are known. */
  boolean reaches(Attachment other) {
    return networks.isEmpty()
        || other.networks.isEmpty()
        || networks.stream().anyMatch(other.networks::contains);
  }
}
