package dev.slipway.platform;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Which services two versions of a compose file describe differently, anchors and merge keys
 * resolved.
 */
public final class ComposeDifference {

  private ComposeDifference() {}

  /** The services that both describe, differently; none when one text is not a compose file. */
  public static Set<String> services(String before, String after) {
    Map<?, ?> old = servicesOf(before);
    Map<?, ?> young = servicesOf(after);
    Set<String> different = new LinkedHashSet<>();
    young.forEach(
        (name, description) -> {
          if (old.containsKey(name) && !Objects.equals(old.get(name), description)) {
            different.add(String.valueOf(name));
          }
        });
    return different;
  }

  /** The services that a text describes; none when it is not a compose file. */
  public static Set<String> described(String text) {
    Set<String> names = new LinkedHashSet<>();
    servicesOf(text).keySet().forEach(name -> names.add(String.valueOf(name)));
    return names;
  }

  private static Map<?, ?> servicesOf(String text) {
    return document(text).get("services") instanceof Map<?, ?> services ? services : Map.of();
  }

  /** A compose file, anchors and merge keys resolved; empty when the text is none. */
  static Map<?, ?> document(String text) {
    try {
      Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      return document instanceof Map<?, ?> map ? map : Map.of();
    } catch (YAMLException e) {
      return Map.of();
    }
  }
}
