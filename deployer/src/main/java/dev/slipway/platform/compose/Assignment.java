package dev.slipway.platform.compose;

import dev.slipway.platform.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key and its value as written, from either {@code KEY: value} or {@code - KEY=value}.
 *
 * @param value nothing for a key alone
 */
public record Assignment(String key, Optional<YamlNode.Scalar> value, int line) {

  /** Those of a mapping or list; what has another shape is left out. */
  public static List<Assignment> in(YamlNode node) {
    List<Assignment> assignments = new ArrayList<>();
    if (node instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach((key, entry) -> of(key, entry).ifPresent(assignments::add));
    } else if (node instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlNode.Scalar scalar) {
          assignments.add(of(scalar));
        }
      }
    }
    return assignments;
  }

  private static Optional<Assignment> of(String key, YamlNode.Entry entry) {
    if (!(entry.value() instanceof YamlNode.Scalar scalar)) {
      return Optional.empty();
    }
    Optional<YamlNode.Scalar> value = scalar.isNull() ? Optional.empty() : Optional.of(scalar);
    return Optional.of(new Assignment(key, value, entry.line()));
  }

  private static Assignment of(YamlNode.Scalar item) {
    int equals = item.text().indexOf('=');
    if (equals < 0) {
      return new Assignment(item.text(), Optional.empty(), item.line());
    }
    YamlNode.Scalar value = YamlNode.Scalar.quoted(item.text().substring(equals + 1), item.line());
    return new Assignment(item.text().substring(0, equals), Optional.of(value), item.line());
  }
}
