package dev.slipway.platform.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.Tag;

/** A YAML document as a tree with lines: aliases and merge keys are already resolved. */
public sealed interface YamlNode {

  /** The line it starts on, counted from 1. */
  int line();

  /** What it is, for an error message. */
  String kind();

  /** A single value as written, before any interpretation. */
  record Scalar(String text, Tag tag, ScalarStyle style, int line) implements YamlNode {

    public static Scalar quoted(String text, int line) {
      return new Scalar(text, Tag.STR, ScalarStyle.DOUBLE_QUOTED, line);
    }

    static Scalar plain(String text, int line) {
      return new Scalar(text, Tag.STR, ScalarStyle.PLAIN, line);
    }

    public boolean isNull() {
      return tag.equals(Tag.NULL);
    }

    public boolean isText() {
      return tag.equals(Tag.STR);
    }

    @Override
    public String kind() {
      if (isNull()) {
        return "nothing";
      }
      if (tag.equals(Tag.BOOL)) {
        return "true or false";
      }
      return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? "a number" : "text";
    }
  }

  /** A list. */
  public record Sequence(List<YamlNode> items, int line) implements YamlNode {

    public Sequence {
      items = List.copyOf(items);
    }

    public Sequence plus(List<? extends YamlNode> more) {
      List<YamlNode> all = new ArrayList<>(items);
      all.addAll(more);
      return new Sequence(all, line);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A mapping in the order written; entries that were merged in stand first. */
  record Mapping(Map<String, Entry> entries, int line) implements YamlNode {

    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    public static Mapping empty(int line) {
      return new Mapping(Map.of(), line);
    }

    public Optional<YamlNode> get(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    public Mapping with(String key, YamlNode value) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      Entry old = changed.get(key);
      changed.put(key, new Entry(old == null ? Scalar.plain(key, line) : old.key(), value));
      return new Mapping(changed, line);
    }

    public Mapping without(String key) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      changed.remove(key);
      return new Mapping(changed, line);
    }

    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /** A key and its value. */
  record Entry(Scalar key, YamlNode value) {

    public int line() {
      return key.line();
    }
  }
}
