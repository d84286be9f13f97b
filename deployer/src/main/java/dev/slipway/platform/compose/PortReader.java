package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the ports of one service of a compose file, in short and long syntax. */
final class PortReader {

  private final String name;
  private final YamlNode.Mapping service;
  private final ComposeValues values;

  PortReader(String name, YamlNode.Mapping service, ComposeValues values) {
    this.name = name;
    this.service = service;
    this.values = values;
  }

  /** What it publishes. */
  List<PortMapping> ports() {
    List<PortMapping> ports = new ArrayList<>();
    for (YamlNode item : values.items(service, "ports")) {
      try {
        ports.addAll(port(item));
      } catch (IllegalArgumentException e) {
        if (values.isComplete(item)) {
          report(item, e);
        }
      }
    }
    return ports;
  }

  /** A value that was made up for a variable would only mislead. */
  private void report(YamlNode item, IllegalArgumentException why) {
    List<String> unset =
        VariableSearch.in("", item, new Problems()).stream()
            .filter(variable -> !variable.optional())
            .map(Variable::name)
            .toList();
    String text = item instanceof YamlNode.Scalar scalar ? " '" + values.text(scalar) + "'" : "";
    values.problem(
        item.line(),
        unset.isEmpty()
            ? "service '%s': port%s: %s".formatted(name, text, why.getMessage())
            : "service '%s': the value of %s makes no port; write %s=8080 or the like into .env.example"
                .formatted(name, String.join(" and ", unset), unset.get(0)));
  }

  private List<PortMapping> port(YamlNode item) {
    if (item instanceof YamlNode.Scalar scalar) {
      return PortSyntax.parse(values.text(scalar));
    }
    if (!(item instanceof YamlNode.Mapping mapping)) {
      throw new IllegalArgumentException("must be a text or a mapping");
    }
    return PortSyntax.mappings(
        values.text(mapping, "host_ip"),
        values.text(mapping, "published").orElse(""),
        values.text(mapping, "target").orElse(""),
        values.text(mapping, "protocol").orElse("tcp"));
  }

  /** What it opens to other services. */
  List<Integer> expose() {
    List<Integer> ports = new ArrayList<>();
    for (String text : values.texts(service, "expose")) {
      try {
        PortSyntax.parse(text).forEach(port -> ports.add(port.target()));
      } catch (IllegalArgumentException e) {
        values.problem(
            service.line(), "service '%s': expose '%s': %s".formatted(name, text, e.getMessage()));
      }
    }
    return ports;
  }
}
