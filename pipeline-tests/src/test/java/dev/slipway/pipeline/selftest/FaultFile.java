package dev.slipway.pipeline.selftest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads {@code fault.yml}; nothing in it is ignored. */
final class FaultFile {

  private static final Set<String> KEYS =
      Set.of(
          "title",
          "stage",
          "suite",
          "test",
          "also",
          "also-suites",
          "message",
          "alone",
          "nightly",
          "rules",
          "edits",
          "sound",
          "delete");
  private static final Set<String> EDIT_KEYS = Set.of("file", "find", "replace");

  private final Path file;
  private final Map<?, ?> values;

  private FaultFile(Path file, Map<?, ?> values, Set<String> keys) {
    this.file = file;
    this.values = values;
    Set<String> unknown = new TreeSet<>();
    values.keySet().forEach(key -> unknown.add(String.valueOf(key)));
    unknown.removeAll(keys);
    if (!unknown.isEmpty()) {
      throw wrong("has unknown keys " + unknown + "; it may have " + new TreeSet<>(keys));
    }
  }

  /** Every fault of a folder, by name. */
  static List<Fault> readAll(Path faults) {
    try (Stream<Path> folders = Files.list(faults)) {
      return folders.filter(Files::isDirectory).sorted().map(FaultFile::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Fault read(Path folder) {
    Path file = folder.resolve(Fault.FILE);
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          folder + " is no fault: it has no " + Fault.FILE + "; write one or remove the folder.");
    }
    FaultFile read = new FaultFile(file, mapping(file), KEYS);
    return new Fault(
        folder,
        read.text("title"),
        read.text("stage"),
        read.text("suite"),
        read.value("test").map(String::valueOf),
        read.texts("also"),
        Set.copyOf(read.texts("also-suites")),
        read.texts("message"),
        read.is("alone"),
        read.is("nightly"),
        read.value("rules").map(rules -> Set.copyOf(read.texts("rules"))),
        read.list("edits").stream().map(read::edit).toList(),
        read.list("sound").stream().map(read::edit).toList(),
        read.texts("delete"));
  }

  private static Map<?, ?> mapping(Path file) {
    try {
      Object top = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      if (top instanceof Map<?, ?> map) {
        return map;
      }
      throw new IllegalStateException(file + " is no mapping");
    } catch (YAMLException e) {
      throw new IllegalStateException(file + " is not YAML: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Edit edit(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong("has an edit that is no mapping");
    }
    FaultFile edit = new FaultFile(file, map, EDIT_KEYS);
    return new Edit(
        edit.text("file"),
        edit.text("find"),
        edit.value("replace").map(String::valueOf).orElse(""));
  }

  private Optional<Object> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  private String text(String key) {
    return value(key).map(String::valueOf).orElseThrow(() -> wrong("has no '" + key + "'"));
  }

  private boolean is(String key) {
    return value(key).map(Boolean.TRUE::equals).orElse(false);
  }

  private List<?> list(String key) {
    return value(key)
        .map(
            value -> {
              if (value instanceof List<?> list) {
                return list;
              }
              throw wrong("has no list under '" + key + "'");
            })
        .orElse(List.of());
  }

  private List<String> texts(String key) {
    return list(key).stream().map(String::valueOf).toList();
  }

  private IllegalStateException wrong(String what) {
    return new IllegalStateException(file + " " + what);
  }
}
