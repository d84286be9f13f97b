package dev.slipway.platform;

import dev.slipway.platform.compose.Durations;
import dev.slipway.platform.yaml.NearestName;
import dev.slipway.platform.yaml.Problems;
import dev.slipway.platform.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** A mapping of {@code slipway.yml}, read key by key; every problem is reported with its line. */
final class Section {

  private final String name;
  private final YamlNode.Mapping mapping;
  private final String file;
  private final Problems problems;

  private Section(String name, YamlNode.Mapping mapping, String file, Problems problems) {
    this.name = name;
    this.mapping = mapping;
    this.file = file;
    this.problems = problems;
  }

  /** The whole file, after its keys were checked. */
  static Section root(
      YamlNode.Mapping mapping, String file, Problems problems, List<String> known) {
    Section section = new Section("", mapping, file, problems);
    section.checkKeys(known);
    return section;
  }

  /** A mapping within, empty when it is not given. */
  Section section(String key, List<String> known) {
    YamlNode.Mapping inner = YamlNode.Mapping.empty(mapping.line());
    Optional<YamlNode> node = mapping.get(key);
    if (node.isPresent() && node.get() instanceof YamlNode.Mapping given) {
      inner = given;
    } else {
      node.ifPresent(wrong -> expected(key, wrong, "a mapping with " + String.join(", ", known)));
    }
    Section section = new Section(path(key), inner, file, problems);
    section.checkKeys(known);
    return section;
  }

  private void checkKeys(List<String> known) {
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                String unknown = "unknown key '%s'; %s";
                report(entry.line(), unknown.formatted(path(key), NearestName.hint(key, known)));
              }
            });
  }

  private String path(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private void report(int line, String problem) {
    problems.add(file, line, problem);
  }

  private void expected(String key, YamlNode found, String expected) {
    String text =
        found instanceof YamlNode.Scalar scalar && !scalar.isNull()
            ? "'" + scalar.text() + "'"
            : found.kind();
    report(lineOf(key), "'%s' must be %s, found %s".formatted(path(key), expected, text));
  }

  private int lineOf(String key) {
    YamlNode.Entry entry = mapping.entries().get(key);
    return entry == null ? mapping.line() : entry.line();
  }

  /** Whether the key is given. */
  boolean has(String key) {
    return mapping.get(key).isPresent();
  }

  /** A text that is not blank. */
  Optional<String> text(String key) {
    return read(
        key,
        "a text",
        scalar ->
            scalar.isText() && !scalar.text().isBlank()
                ? Optional.of(scalar.text())
                : Optional.empty());
  }

  /** A text that has to be of some form. */
  Optional<String> text(String key, String pattern, String expected) {
    return read(
        key,
        expected,
        scalar ->
            Optional.of(scalar.text()).filter(text -> !scalar.isNull() && text.matches(pattern)));
  }

  /** A duration longer than nothing. */
  Optional<Duration> duration(String key) {
    return read(
        key,
        "a duration such as 500ms, 60s or 2m",
        scalar -> Durations.parse(scalar.text()).filter(duration -> !duration.isZero()));
  }

  /** A whole number from 1 to 1000. */
  OptionalInt count(String key) {
    return text(key, "[1-9]\\d{0,2}|1000", "a whole number from 1 to 1000").stream()
        .mapToInt(Integer::parseInt)
        .findFirst();
  }

  /** A size longer than nothing, in bytes. */
  OptionalLong bytes(String key) {
    return read(key, "a size such as 500MB or 5GB", scalar -> Sizes.parse(scalar.text())).stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  /** Reports a value that is of the right form, but cannot be meant. */
  void wrong(String key, String expected) {
    mapping
        .get(key)
        .ifPresentOrElse(
            found -> expected(key, found, expected),
            () -> report(mapping.line(), "'%s' must be %s".formatted(path(key), expected)));
  }

  private <T> Optional<T> read(
      String key, String expected, Function<YamlNode.Scalar, Optional<T>> reader) {
    Optional<YamlNode> node = mapping.get(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> value =
        node.get() instanceof YamlNode.Scalar scalar ? reader.apply(scalar) : Optional.empty();
    if (value.isEmpty()) {
      expected(key, node.get(), expected);
    }
    return value;
  }

  /**
   * A mapping of names to whole numbers; empty when it is not given.
   *
   * @param of what is counted
   */
  Map<String, Long> numbers(String key, String of) {
    Map<String, Long> numbers = new TreeMap<>();
    Optional<YamlNode> node = mapping.get(key);
    if (node.isPresent() && node.get() instanceof YamlNode.Mapping given) {
      Section inner = new Section(path(key), given, file, problems);
      String expected = "a whole number of " + of + ", such as 2000000";
      for (String name : given.entries().keySet()) {
        inner
            .text(name, "[1-9]\\d{0,11}", expected)
            .ifPresent(number -> numbers.put(name, Long.valueOf(number)));
      }
    } else {
      node.ifPresent(wrong -> expected(key, wrong, "a mapping of names to numbers of " + of));
    }
    return numbers;
  }

  /** A command: one word, or a list of words. */
  Optional<List<String>> words(String key) {
    Optional<YamlNode> node = mapping.get(key);
    if (node.isEmpty() || !(node.get() instanceof YamlNode.Sequence)) {
      return text(key, "\\S+", "one word, or a list such as [python, -m, alembic]").map(List::of);
    }
    return texts(key, "a list of words", 1);
  }

  /** A command that must be given. */
  Optional<List<String>> requiredWords(String key) {
    if (!has(key)) {
      report(mapping.line(), "'%s' is missing: the command to run".formatted(path(key)));
    }
    return words(key);
  }

  /** A list of texts; none when it is not given. */
  List<String> texts(String key) {
    return texts(key, "a list of texts", 0).orElse(List.of());
  }

  private Optional<List<String>> texts(String key, String wanted, int atLeast) {
    Optional<YamlNode> node = mapping.get(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    if (node.get() instanceof YamlNode.Sequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
          texts.add(scalar.text());
        }
      }
      if (texts.size() >= atLeast && texts.size() == sequence.items().size()) {
        return Optional.of(texts);
      }
    }
    expected(key, node.get(), wanted);
    return Optional.empty();
  }
}
