package dev.slipway.platform.compose;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The env files that services of a compose file name: those that are committed, and {@code .env},
 * which holds the variables of the compose file. What only the server has is known by the example
 * that is committed beside it, by the name with {@code .example} after it.
 */
public final class VariableFiles {

  private static final String DOTENV = ".env";
  private static final String EXAMPLE = ".example";

  private final String composeFile;
  private final Function<String, Optional<String>> texts;
  private final Map<String, String> environment;

  /**
   * Env files.
   *
   * @param composeFile the compose file, to whose folder their paths are relative
   * @param texts the texts of the platform's files
   * @param environment the variables of the compose file
   */
  public VariableFiles(
      String composeFile,
      Function<String, Optional<String>> texts,
      Map<String, String> environment) {
    this.composeFile = composeFile;
    this.texts = texts;
    this.environment = environment;
  }

  /** What a file sets; empty when only the server has it. */
  Optional<Map<String, String>> read(String path) {
    Optional<String> place = place(path);
    if (place.equals(place(DOTENV))) {
      return environment.isEmpty() ? Optional.empty() : Optional.of(environment);
    }
    return place
        .flatMap(at -> texts.apply(at).or(() -> texts.apply(at + EXAMPLE)))
        .map(text -> EnvironmentVariable.values(text, environment));
  }

  /**
   * The examples of those among some paths that only the server has, by the path; an empty text for
   * one without an example.
   */
  public Map<String, String> examples(Collection<String> paths) {
    Map<String, String> examples = new TreeMap<>();
    for (String path : paths) {
      place(path)
          .filter(at -> !at.equals(place(DOTENV).orElse("")) && texts.apply(at).isEmpty())
          .ifPresent(at -> examples.put(path, texts.apply(at + EXAMPLE).orElse("")));
    }
    return examples;
  }

  /** Where a path leads, from the platform's root; empty when it leads out of it. */
  private Optional<String> place(String path) {
    if (path.isEmpty() || path.startsWith("/") || path.startsWith("~")) {
      return Optional.empty();
    }
    Deque<String> folders = new ArrayDeque<>();
    for (String name : (composeFile.replaceFirst("[^/]*$", "") + path).split("/", -1)) {
      if (name.equals("..")) {
        if (folders.pollLast() == null) {
          return Optional.empty();
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        folders.addLast(name);
      }
    }
    return Optional.of(String.join("/", folders));
  }
}
