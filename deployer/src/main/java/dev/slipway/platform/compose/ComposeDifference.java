package dev.slipway.platform.compose;

import dev.slipway.SlipwayException;
import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import dev.slipway.platform.yaml.YamlText;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What two versions of a compose file describe differently, anchors and merge keys resolved. */
public final class ComposeDifference {

  private static final String FILE = "compose file";

  private ComposeDifference() {}

  /**
   * The services that both describe, differently, themselves or a network or volume that they use;
   * all, where the earlier text cannot be read and nothing tells what is the same.
   */
  public static Set<String> services(String before, String after) {
    Map<?, ?> young = document(FILE, after);
    Set<String> different = names(servicesOf(young));
    Map<?, ?> old;
    try {
      old = document(FILE, before);
    } catch (SlipwayException unreadable) {
      return different;
    }
    different.removeIf(name -> !servicesOf(old).containsKey(name) || same(old, young, name));
    return different;
  }

  private static boolean same(Map<?, ?> old, Map<?, ?> young, String name) {
    Map<?, ?> service = map(servicesOf(young).get(name));
    return Objects.equals(servicesOf(old).get(name), servicesOf(young).get(name))
        && Stream.of(TopLevelElement.values())
            .allMatch(
                kind ->
                    kind.usedBy(service).stream()
                        .allMatch(key -> kind.in(old, key).equals(kind.in(young, key))));
  }

  /**
   * The networks and volumes, as phrases, that services of both use and that both define,
   * differently: compose cannot change one that is in use. Its name is left out, since by another
   * it is another one, and so is what compose does not make itself.
   */
  public static Set<String> redefined(String before, String after) {
    Map<?, ?> young = document(FILE, after);
    Map<?, ?> old;
    try {
      old = document(FILE, before);
    } catch (SlipwayException unreadable) {
      return Set.of();
    }
    Set<String> redefined = new TreeSet<>();
    for (TopLevelElement kind : TopLevelElement.values()) {
      Set<String> used = kind.usedIn(young);
      used.retainAll(kind.usedIn(old));
      used.removeIf(key -> !kind.isRedefined(key, old, young));
      used.forEach(key -> redefined.add(kind.phrase() + " " + key));
    }
    return redefined;
  }

  static Map<?, ?> map(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }

  /**
   * The services that a text describes and wants a container of.
   *
   * @param file what it is called in an error
   * @throws SlipwayException refusing a text that describes none or cannot be read
   */
  public static Set<String> described(String file, String text) {
    Map<?, ?> services = servicesOf(document(file, text));
    Set<String> names = names(services);
    names.removeIf(name -> isScaledToNone(map(services.get(name))));
    if (names.isEmpty()) {
      Problems problems = new Problems();
      problems.add(file, ComposeFile.NO_SERVICES);
      problems.throwIfAny(ComposeFile.ADVICE);
    }
    return names;
  }

  private static boolean isScaledToNone(Map<?, ?> service) {
    Object scale = service.get("scale");
    Object wanted = scale != null ? scale : map(service.get("deploy")).get("replicas");
    return wanted instanceof Map.Entry<?, ?> scalar && "0".equals(scalar.getValue());
  }

  static Set<String> names(Map<?, ?> services) {
    Set<String> names = new LinkedHashSet<>();
    services.keySet().forEach(name -> names.add(String.valueOf(name)));
    return names;
  }

  static Map<?, ?> servicesOf(Map<?, ?> document) {
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
