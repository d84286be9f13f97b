package dev.slipway.platform;

import static dev.slipway.platform.ComposeDifference.map;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  NETWORKS("network"),
  /** What they keep. */
  VOLUMES("volume");

  private final String phrase;

  TopLevelElement(String phrase) {
    this.phrase = phrase;
  }

  /** One of them, as a word. */
  String phrase() {
    return phrase;
  }

  /** How a document defines the one of this name; empty without a definition. */
  Map<?, ?> in(Map<?, ?> document, String name) {
    return map(map(document.get(name().toLowerCase(Locale.ROOT))).get(name));
  }

  /** With what options compose makes it; nothing, where it is there before compose is. */
  private Optional<Map<?, ?>> options(Map<?, ?> document, String name) {
    Map<?, ?> options = new LinkedHashMap<>(in(document, name));
    options.remove("name");
    return isTrue(options.remove("external")) ? Optional.empty() : Optional.of(options);
  }

  /** Whether compose would have to make another one of the same name. */
  boolean isRedefined(String name, Map<?, ?> before, Map<?, ?> after) {
    Optional<Map<?, ?>> old = options(before, name);
    Optional<Map<?, ?>> young = options(after, name);
    return old.isPresent() && young.isPresent() && !old.equals(young);
  }

  private static boolean isTrue(@Nullable Object external) {
    return external instanceof Map
        || (external instanceof Map.Entry<?, ?> scalar
            && ComposeValues.isTrue(String.valueOf(scalar.getValue())));
  }

  /** The names that services of a document use. */
  Set<String> usedIn(Map<?, ?> document) {
    Set<String> used = new TreeSet<>();
    ComposeDifference.servicesOf(document)
        .values()
        .forEach(service -> used.addAll(usedBy(map(service))));
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
