package dev.slipway.platform.compose;

import dev.slipway.SlipwayException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files beside a compose file its services are made of: what they mount, their {@code
 * env_file}, their configs and secrets. Compose looks at none of the first and last when it decides
 * whether a container is up to date, and goes on with what the container began with.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/services/">Compose specification</a>
 */
public final class ServiceFiles {

  private static final Pattern FILE = Pattern.compile("[^~$\\x00][^$\\x00]*");

  /** Compose is called in the file's folder. */
  private static final Pattern OWN_FOLDER = Pattern.compile("^\\$(?:PWD|\\{PWD})(?=/)");

  private static final Pattern PATH = Pattern.compile("[./$]");
  private static final List<String> DECLARED = List.of("configs", "secrets");

  private ServiceFiles() {}

  /**
   * The services whose configs and secrets two versions of a compose file define differently, such
   * as by {@code content}; all that have some, where the earlier text cannot be read.
   */
  public static Set<String> redefined(String before, String after) {
    Map<String, List<?>> young = definitions(ComposeDifference.document(after));
    Set<String> services = new TreeSet<>(young.keySet());
    try {
      Map<String, List<?>> old = definitions(ComposeDifference.document(before));
      services.removeIf(
          name -> !old.containsKey(name) || Objects.equals(old.get(name), young.get(name)));
    } catch (SlipwayException unreadable) {
      return services;
    }
    return services;
  }

  private static Map<String, List<?>> definitions(Map<?, ?> document) {
    Map<String, List<?>> definitions = new LinkedHashMap<>();
    map(document.get("services"))
        .forEach(
            (name, service) -> {
              List<?> defined = declared(document, map(service));
              if (!defined.isEmpty()) {
                definitions.put(String.valueOf(name), defined);
              }
            });
    return definitions;
  }

  private static List<Map<?, ?>> declared(Map<?, ?> document, Map<?, ?> service) {
    List<Map<?, ?>> declared = new ArrayList<>();
    for (String kind : DECLARED) {
      for (Object used : list(service.get(kind))) {
        Object source = used instanceof Map<?, ?> entry ? entry.get("source") : used;
        declared.add(map(map(document.get(kind)).get(source)));
      }
    }
    return declared;
  }

  /**
   * The paths by service as they are written, absolute or relative to the compose file's folder;
   * those that name a variable are left out, and services without any.
   */
  public static Map<String, Set<String>> of(String composeText) {
    Map<?, ?> document = ComposeDifference.document(composeText);
    Map<String, Set<String>> files = new LinkedHashMap<>();
    map(document.get("services"))
        .forEach(
            (name, service) -> {
              Set<String> paths = new TreeSet<>();
              for (Object mount : list(map(service).get("volumes"))) {
                add(mounted(mount), paths);
              }
              for (Object file : list(map(service).get("env_file"))) {
                add(file instanceof Map<?, ?> entry ? entry.get("path") : file, paths);
              }
              declared(document, map(service)).forEach(each -> add(each.get("file"), paths));
              if (!paths.isEmpty()) {
                files.put(String.valueOf(name), paths);
              }
            });
    return files;
  }

  /**
   * The files that services take secrets from, as they are written; those that a variable names are
   * left out.
   *
   * @param environment env files
   * @param secrets files each of which is a secret itself
   */
  public record SecretFiles(Set<String> environment, Set<String> secrets) {

    /** Copies. */
    public SecretFiles {
      environment = Set.copyOf(environment);
      secrets = Set.copyOf(secrets);
    }
  }

  /** Those of a compose file. */
  public static SecretFiles secretFiles(String composeText) {
    Map<?, ?> document = ComposeDifference.document(composeText);
    Set<String> environment = new TreeSet<>();
    Set<String> secrets = new TreeSet<>();
    for (Object service : map(document.get("services")).values()) {
      for (Object file : list(map(service).get("env_file"))) {
        add(file instanceof Map<?, ?> entry ? entry.get("path") : file, environment);
      }
    }
    for (Object secret : map(document.get("secrets")).values()) {
      add(map(secret).get("file"), secrets);
    }
    return new SecretFiles(environment, secrets);
  }

  /** The source of a bind mount; in the short syntax only what begins as a path is one. */
  private static @Nullable Object mounted(Object mount) {
    if (mount instanceof Map<?, ?> entry) {
      return "bind".equals(entry.get("type")) ? entry.get("source") : null;
    }
    String[] parts = String.valueOf(mount).split(":", 2);
    return parts.length > 1 && PATH.matcher(parts[0]).lookingAt() ? parts[0] : null;
  }

  private static void add(@Nullable Object path, Set<String> paths) {
    if (path instanceof String text) {
      String file = OWN_FOLDER.matcher(text).replaceFirst(".");
      if (FILE.matcher(file).matches()) {
        paths.add(file);
      }
    }
  }

  private static Map<?, ?> map(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object node) {
    if (node instanceof List<?> list) {
      return list;
    }
    return node instanceof String text ? List.of(text) : List.of();
  }
}
