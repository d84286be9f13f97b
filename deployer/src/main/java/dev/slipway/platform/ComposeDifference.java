package dev.slipway.platform;

import dev.slipway.SlipwayException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which services two versions of a compose file describe differently, anchors and merge keys
 * resolved.
 */
public final class ComposeDifference {

  private static final String FILE = "compose file";

  private ComposeDifference() {}

  /**
   * The services that both describe, differently; all, where the earlier text cannot be read and
   * nothing tells what is the same.
   */
  public static Set<String> services(String before, String after) {
    Map<?, ?> young = servicesOf(document(FILE, after));
    Map<?, ?> old;
    try {
      old = servicesOf(document(FILE, before));
    } catch (SlipwayException unreadable) {
      return names(young);
    }
    Set<String> different = names(young);
    different.removeIf(name -> !old.containsKey(name) || same(old, young, name));
    return different;
  }

  private static boolean same(Map<?, ?> old, Map<?, ?> young, String name) {
    return Objects.equals(old.get(name), young.get(name));
  }

  /**
   * The services that a text describes.
   *
   * @param file what it is called in an error
   * @throws SlipwayException refusing a text that describes none or cannot be read
   */
  public static Set<String> described(String file, String text) {
    Set<String> names = names(servicesOf(document(file, text)));
    if (names.isEmpty()) {
      Problems problems = new Problems();
      problems.add(file, ComposeFile.NO_SERVICES);
      problems.throwIfAny(ComposeFile.ADVICE);
    }
    return names;
  }

  private static Set<String> names(Map<?, ?> services) {
    Set<String> names = new LinkedHashSet<>();
    services.keySet().forEach(name -> names.add(String.valueOf(name)));
    return names;
  }

  private static Map<?, ?> servicesOf(Map<?, ?> document) {
    return document.get("services") instanceof Map<?, ?> services ? services : Map.of();
  }

  /** A compose file, anchors and merge keys resolved; {@link ComposeFile} refuses the same. */
  static Map<?, ?> document(String text) {
    return document(FILE, text);
  }

  private static Map<?, ?> document(String file, String text) {
    Problems problems = new Problems();
    YamlNode.Mapping document =
        YamlText.readMapping(file, text, problems).orElseGet(() -> YamlNode.Mapping.empty(1));
    problems.throwIfAny(ComposeFile.ADVICE);
    return values(document);
  }

  private static Map<String, @Nullable Object> values(YamlNode.Mapping mapping) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    mapping.entries().forEach((key, entry) -> values.put(key, value(entry.value())));
    return values;
  }

  private static @Nullable Object value(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      return values(mapping);
    }
    if (node instanceof YamlNode.Sequence list) {
      return list.items().stream().map(ComposeDifference::value).toList();
    }
    YamlNode.Scalar scalar = (YamlNode.Scalar) node;
    if (scalar.isNull()) {
      return null;
    }
    return scalar.isText() ? scalar.text() : Map.entry(scalar.tag(), scalar.text());
  }
}
