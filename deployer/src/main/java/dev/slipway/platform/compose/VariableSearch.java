package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds every variable of a compose file; keys are not interpolated, values are. */
final class VariableSearch {

  private final String file;
  private final Problems problems;
  private final Map<String, Set<Variable.Use>> found = new LinkedHashMap<>();

  private VariableSearch(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  static List<Variable> in(String file, YamlNode document, Problems problems) {
    VariableSearch search = new VariableSearch(file, problems);
    search.visit(document);
    List<Variable> variables = new ArrayList<>();
    search.found.forEach((name, uses) -> variables.add(new Variable(name, List.copyOf(uses))));
    return variables;
  }

  private void visit(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      mapping.entries().values().forEach(entry -> visit(entry.value()));
    } else if (node instanceof YamlNode.Sequence sequence) {
      sequence.items().forEach(this::visit);
    } else if (node instanceof YamlNode.Scalar scalar && scalar.text().indexOf('$') >= 0) {
      visitText(scalar);
    }
  }

  private void visitText(YamlNode.Scalar scalar) {
    try {
      for (Template.Reference reference : Template.parse(scalar.text()).references()) {
        found
            .computeIfAbsent(reference.name(), name -> new LinkedHashSet<>())
            .add(new Variable.Use(reference.operator().kind(), scalar.line()));
      }
    } catch (IllegalArgumentException e) {
      problems.add(file, scalar.line(), String.valueOf(e.getMessage()));
    }
  }
}
