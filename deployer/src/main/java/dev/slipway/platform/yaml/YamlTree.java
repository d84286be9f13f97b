package dev.slipway.platform.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns the nodes of the YAML library into a tree: aliases expanded up to a limit, merge keys
 * resolved, duplicate keys reported.
 *
 * @see <a href="https://yaml.org/type/merge.html">YAML, merge keys</a>
 */
final class YamlTree {

  private static final int MOST_NODES = 100_000;

  private final String file;
  private final Problems problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int nodes;

  YamlTree(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The tree under a node. */
  YamlNode read(Node node) {
    if (++nodes > MOST_NODES) {
      throw new YAMLException("its aliases expand to more than %d values".formatted(MOST_NODES));
    }
    if (node.getTag().startsWith("!")) {
      problems.add(
          file,
          line(node),
          ("'%s' means something only where compose merges several files, and Slipway reads one;"
                  + " take it out")
              .formatted(node.getTag().getValue()));
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    if (!open.add(node)) {
      throw new YAMLException("the alias to line %d contains itself".formatted(line(node)));
    }
    YamlNode tree = node instanceof MappingNode mapping ? mapping(mapping) : sequence(node);
    open.remove(node);
    return tree;
  }

  private static YamlNode.Scalar scalar(ScalarNode node) {
    return new YamlNode.Scalar(node.getValue(), node.getTag(), node.getScalarStyle(), line(node));
  }

  private YamlNode sequence(Node node) {
    List<YamlNode> items = new ArrayList<>();
    for (Node item : ((SequenceNode) node).getValue()) {
      items.add(read(item));
    }
    return new YamlNode.Sequence(items, line(node));
  }

  private YamlNode.Mapping mapping(MappingNode node) {
    Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
    Map<String, YamlNode.Entry> own = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), merged);
      } else if (tuple.getKeyNode() instanceof ScalarNode key) {
        own(scalar(key), tuple.getValueNode(), own);
      } else {
        problems.add(file, line(tuple.getKeyNode()), "a key must be plain text");
      }
    }
    merged.putAll(own);
    return new YamlNode.Mapping(merged, line(node));
  }

  private void own(YamlNode.Scalar key, Node value, Map<String, YamlNode.Entry> entries) {
    YamlNode.Entry entry = new YamlNode.Entry(key, read(value));
    YamlNode.Entry first = entries.putIfAbsent(key.text(), entry);
    if (first != null) {
      problems.add(
          file,
          key.line(),
          "duplicate key '%s', first on line %d".formatted(key.text(), first.line()));
    }
  }

  private void merge(Node value, Map<String, YamlNode.Entry> entries) {
    YamlNode tree = read(value);
    List<YamlNode> sources =
        tree instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(tree);
    for (YamlNode source : sources) {
      if (source instanceof YamlNode.Mapping mapping) {
        mapping.entries().forEach(entries::putIfAbsent);
      } else {
        problems.add(file, line(value), "'<<' merges a mapping, found " + source.kind());
      }
    }
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
