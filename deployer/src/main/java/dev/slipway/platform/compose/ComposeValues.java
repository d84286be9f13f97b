package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Interpolates the values of one compose file and reports those of the wrong shape. */
public final class ComposeValues {

  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");

  private final String file;
  private final Map<String, String> environment;
  private final Problems problems;

  ComposeValues(String file, Map<String, String> environment, Problems problems) {
    this.file = file;
    this.environment = environment;
    this.problems = problems;
  }

  void problem(int line, String problem) {
    problems.add(file, line, problem);
  }

  /** The text after interpolation; what cannot be interpolated is reported by its own search. */
  String text(YamlNode.Scalar scalar) {
    return template(scalar).map(each -> each.resolve(environment)).orElse("");
  }

  /** Whether a text, or every text of a mapping, depends on no variable that is unset. */
  boolean isComplete(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      return mapping.entries().values().stream().allMatch(entry -> isComplete(entry.value()));
    }
    return !(node instanceof YamlNode.Scalar scalar)
        || template(scalar).map(each -> each.isComplete(environment)).orElse(false);
  }

  private static Optional<Template> template(YamlNode.Scalar scalar) {
    try {
      return Optional.of(Template.parse(scalar.text()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A scalar under a key; a null is as good as no key. */
  Optional<YamlNode.Scalar> scalar(YamlNode.Mapping mapping, String key) {
    Optional<YamlNode> node = present(mapping, key);
    if (node.isPresent() && !(node.get() instanceof YamlNode.Scalar)) {
      wrongShape(node.get(), key, "a single value");
    }
    return node.filter(YamlNode.Scalar.class::isInstance).map(YamlNode.Scalar.class::cast);
  }

  /** The interpolated text under a key. */
  Optional<String> text(YamlNode.Mapping mapping, String key) {
    return scalar(mapping, key).map(this::text);
  }

  /** Whether a key is on. */
  boolean isTrue(YamlNode.Mapping mapping, String key) {
    return text(mapping, key).filter(ComposeValues::isTrue).isPresent();
  }

  /** Whether compose takes a text for true. */
  static boolean isTrue(String text) {
    return TRUE.contains(text.toLowerCase(Locale.ROOT));
  }

  /** A mapping under a key; a null is as good as no key. */
  Optional<YamlNode.Mapping> mapping(YamlNode.Mapping mapping, String key) {
    Optional<YamlNode> node = present(mapping, key);
    if (node.isPresent() && !(node.get() instanceof YamlNode.Mapping)) {
      wrongShape(node.get(), key, "a mapping");
    }
    return node.filter(YamlNode.Mapping.class::isInstance).map(YamlNode.Mapping.class::cast);
  }

  /** The items of a list under a key. */
  List<YamlNode> items(YamlNode.Mapping mapping, String key) {
    Optional<YamlNode> node = present(mapping, key);
    if (node.isPresent() && !(node.get() instanceof YamlNode.Sequence)) {
      wrongShape(node.get(), key, "a list");
    }
    return node.map(each -> each instanceof YamlNode.Sequence list ? list.items() : null)
        .orElse(List.of());
  }

  /** The interpolated texts of a list under a key. */
  List<String> texts(YamlNode.Mapping mapping, String key) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : items(mapping, key)) {
      if (item instanceof YamlNode.Scalar scalar) {
        texts.add(text(scalar));
      } else {
        wrongShape(item, key, "a list of single values");
      }
    }
    return texts;
  }

  /** A command under a key, its words joined by spaces. */
  Optional<String> commandLine(YamlNode.Mapping mapping, String key) {
    Optional<YamlNode> node = present(mapping, key);
    if (node.isPresent() && node.get() instanceof YamlNode.Sequence) {
      return Optional.of(String.join(" ", texts(mapping, key)));
    }
    return text(mapping, key);
  }

  /** The words of a command under a key, which is a list of them or one text. */
  Optional<List<String>> words(YamlNode.Mapping mapping, String key) {
    Optional<YamlNode> node = present(mapping, key);
    if (node.isPresent() && node.get() instanceof YamlNode.Sequence) {
      return Optional.of(texts(mapping, key));
    }
    return text(mapping, key).map(CommandWords::of);
  }

  /** The value under a key unless it is null. */
  public static Optional<YamlNode> present(YamlNode.Mapping mapping, String key) {
    return mapping
        .get(key)
        .filter(node -> !(node instanceof YamlNode.Scalar scalar && scalar.isNull()));
  }

  void wrongShape(YamlNode node, String key, String expected) {
    problem(node.line(), "'%s' must be %s, found %s".formatted(key, expected, node.kind()));
  }
}
