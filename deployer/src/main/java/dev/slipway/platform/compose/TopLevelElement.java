package dev.slipway.platform.compose;

import static dev.slipway.platform.compose.ComposeDifference.map;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What services of a compose file share, and the file defines beside them.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/networks/">Compose specification,
 *     networks top-level element</a>
 */
enum TopLevelElement {
  /** By which they reach one another; {@code default}, where a service names none. */
  NETWORKS("network", "bridge"),
  /** What they keep. */
  VOLUMES("volume", "local");

  private static final Set<String> LEFT = Set.of("name", "external", "labels");

  private final String phrase;
  private final String driver;

  TopLevelElement(String phrase, String driver) {
    this.phrase = phrase;
    this.driver = driver;
  }

  /** One of them, as a word. */
  String phrase() {
    return phrase;
  }

  /**
   * Which one a document means by a name: what it is called, whose it is, and with what options.
   */
  Map<String, Object> in(Map<?, ?> document, String name) {
    Map<String, Object> meant = new TreeMap<>();
    if (isExternal(document, name)) {
      meant.put("external", true);
    } else {
      meant.putAll(options(document, name));
    }
    Map<?, ?> definition = definition(document, name);
    meant.put(
        "name", text(definition.get("name")) + text(map(definition.get("external")).get("name")));
    return meant;
  }

  /** Whether compose would have to make another one of the same name; it makes none of others'. */
  boolean isRedefined(String name, Map<?, ?> before, Map<?, ?> after) {
    return !isExternal(before, name)
        && !isExternal(after, name)
        && text(definition(before, name).get("name"))
            .equals(text(definition(after, name).get("name")))
        && !options(before, name).equals(options(after, name));
  }

  private Map<?, ?> definition(Map<?, ?> document, String name) {
    return map(map(document.get(name().toLowerCase(Locale.ROOT))).get(name));
  }

  /**
   * What compose makes it with, but for what it makes anyway and what it leaves as it is.
   *
   * @see <a
   *     href="https://github.com/docker/compose/blob/1.29.2/compose/network.py">check_remote_network_config</a>
   */
  private Map<String, Object> options(Map<?, ?> document, String name) {
    Map<String, Object> options = new TreeMap<>();
    definition(document, name)
        .forEach(
            (key, value) -> {
              String option = String.valueOf(key);
              Object text = value instanceof Map ? texts(map(value)) : text(value);
              if (!LEFT.contains(option)
                  && !option.startsWith("x-")
                  && !text.equals("false")
                  && !(option.equals("driver") && text.equals(driver))
                  && !text.toString().equals("{}")) {
                options.put(option, text);
              }
            });
    return options;
  }

  private static Map<String, String> texts(Map<?, ?> values) {
    Map<String, String> texts = new TreeMap<>();
    values.forEach((key, value) -> texts.put(String.valueOf(key), text(value)));
    return texts;
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof Map.Entry<?, ?> scalar
        ? String.valueOf(scalar.getValue())
        : String.valueOf(value);
  }

  private boolean isExternal(Map<?, ?> document, String name) {
    Object external = definition(document, name).get("external");
    return external instanceof Map || ComposeValues.isTrue(text(external));
  }

  /** The names that those services of a document use that belong to no profile. */
  Set<String> usedIn(Map<?, ?> document) {
    Set<String> used = new TreeSet<>();
    ComposeDifference.servicesOf(document).values().stream()
        .map(ComposeDifference::map)
        .filter(service -> !service.containsKey("profiles"))
        .forEach(service -> used.addAll(usedBy(service)));
    return used;
  }

  /** The names that a service uses, and others that nothing defines. */
  Set<String> usedBy(Map<?, ?> service) {
    return this == NETWORKS ? networks(service) : sources(service.get("volumes"));
  }

  private static Set<String> networks(Map<?, ?> service) {
    if (service.containsKey("network_mode")) {
      return Set.of();
    }
    Set<String> used = new TreeSet<>();
    if (service.get("networks") instanceof List<?> names) {
      names.forEach(name -> used.add(String.valueOf(name)));
    }
    map(service.get("networks")).keySet().forEach(name -> used.add(String.valueOf(name)));
    return used.isEmpty() ? Set.of("default") : used;
  }

  private static Set<String> sources(@Nullable Object mounts) {
    Set<String> used = new TreeSet<>();
    if (mounts instanceof List<?> several) {
      for (Object mount : several) {
        used.add(
            mount instanceof Map<?, ?> entry
                ? String.valueOf(entry.get("source"))
                : String.valueOf(mount).replaceFirst(":.*", ""));
      }
    }
    return used;
  }
}
