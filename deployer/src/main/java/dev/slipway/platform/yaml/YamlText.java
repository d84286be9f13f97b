package dev.slipway.platform.yaml;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML text into a tree with lines, and writes such a tree back. */
public final class YamlText {

  private static final int MOST_CHARACTERS = 1_000_000;

  private YamlText() {}

  /** The mapping at the top of a text, empty for an empty text; nothing when it is invalid. */
  public static Optional<YamlNode.Mapping> readMapping(
      String file, String text, Problems problems) {
    Optional<YamlNode> root = read(file, text, problems);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    if (root.get() instanceof YamlNode.Mapping mapping) {
      return Optional.of(mapping);
    }
    if (root.get() instanceof YamlNode.Scalar scalar && scalar.isNull()) {
      return Optional.of(YamlNode.Mapping.empty(1));
    }
    problems.add(
        file,
        root.get().line(),
        "expected 'key: value' at the top of the file, found " + root.get().kind());
    return Optional.empty();
  }

  private static Optional<YamlNode> read(String file, String text, Problems problems) {
    if (text.length() > MOST_CHARACTERS) {
      problems.add(file, "is larger than %d characters".formatted(MOST_CHARACTERS));
      return Optional.empty();
    }
    try {
      // Yaml.compose returns null for a text without a document.
      @Nullable Node root = new Yaml(limits()).compose(new StringReader(text));
      if (root == null) {
        return Optional.of(YamlNode.Mapping.empty(1));
      }
      return Optional.of(new YamlTree(file, problems).read(root));
    } catch (MarkedYAMLException e) {
      problems.add(file, "invalid YAML" + position(e.getProblemMark()) + ": " + e.getProblem());
    } catch (YAMLException e) {
      problems.add(file, "invalid YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static LoaderOptions limits() {
    LoaderOptions options = new LoaderOptions();
    // The tree has a limit of its own, on what aliases expand to rather than on their number.
    options.setMaxAliasesForCollections(1_000);
    return options;
  }

  private static String position(@Nullable Mark mark) {
    return mark == null
        ? ""
        : " at line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** The tree as YAML text in block style; quoting and types stay as they were read. */
  public static String write(YamlNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(FlowStyle.BLOCK);
    options.setSplitLines(false);
    StringWriter text = new StringWriter();
    new Yaml(options).serialize(node(tree), text);
    return text.toString();
  }

  private static Node node(YamlNode tree) {
    if (tree instanceof YamlNode.Mapping mapping) {
      List<NodeTuple> tuples = new ArrayList<>();
      mapping
          .entries()
          .values()
          .forEach(entry -> tuples.add(new NodeTuple(node(entry.key()), node(entry.value()))));
      return new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
    }
    if (tree instanceof YamlNode.Sequence sequence) {
      return new SequenceNode(
          Tag.SEQ, sequence.items().stream().map(YamlText::node).toList(), FlowStyle.BLOCK);
    }
    YamlNode.Scalar scalar = (YamlNode.Scalar) tree;
    return new ScalarNode(scalar.tag(), scalar.text(), null, null, scalar.style());
  }
}
