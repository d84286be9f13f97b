package dev.slipway.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stages of a Dockerfile, in its order; the last one is what is built.
 *
 * @see <a href="https://docs.docker.com/reference/dockerfile/">the reference</a>
 */
record Dockerfile(List<Stage> stages) {

  /**
   * A stage.
   *
   * @param name its name; empty: it has none
   * @param base what it is built on, an image or an earlier stage
   * @param sources the stages and images that it copies from or mounts
   */
  record Stage(String name, String base, List<String> sources) {}

  private static final Pattern FROM =
      Pattern.compile("(?i)FROM\\s+(?:--\\S+\\s+)*(\\S+)(?:\\s+AS\\s+(\\S+))?.*");
  private static final Pattern ARGUMENT = Pattern.compile("(?i)ARG\\s+(.*)");
  private static final Pattern ASSIGNMENT =
      Pattern.compile("([A-Za-z_]\\w*)=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))");
  private static final Pattern SOURCE =
      Pattern.compile("(?:\\s--from=|\\s--mount=\\S*?\\bfrom=)[\"']?([^,\\s\"']+)");
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:([A-Za-z_]\\w*)|\\{([A-Za-z_]\\w*)(?:(:?[-+])([^}]*))?\\})");

  /** Not a here-string or a shift; BuildKit wants the word right behind the sign. */
  private static final Pattern HERE_DOCUMENT =
      Pattern.compile("(?<![<\\w(])\\d*<<-?[\"']?([A-Za-z_]\\w*)[\"']?(?!<)");

  private static final Pattern BACKTICK =
      Pattern.compile("(?i)\\A(?:\\s*#[^\\n]*\\n)*?\\s*#\\s*escape\\s*=\\s*`");

  Dockerfile {
    stages = List.copyOf(stages);
  }

  /** Reads one. A variable that no {@code ARG} gives a value stays as it is written. */
  static Dockerfile parse(String text) {
    List<Stage> stages = new ArrayList<>();
    Map<String, String> arguments = new HashMap<>();
    for (String instruction : instructions(text)) {
      Matcher from = FROM.matcher(instruction);
      Matcher argument = ARGUMENT.matcher(instruction);
      if (from.matches()) {
        String name = Optional.ofNullable(from.group(2)).orElse("");
        stages.add(new Stage(name, expand(from.group(1), arguments), new ArrayList<>()));
      } else if (stages.isEmpty()) {
        if (argument.matches()) {
          ASSIGNMENT
              .matcher(argument.group(1))
              .results()
              .forEach(given -> arguments.put(given.group(1), value(given, arguments)));
        }
      } else {
        Stage stage = stages.get(stages.size() - 1);
        SOURCE.matcher(instruction).results().forEach(found -> stage.sources.add(found.group(1)));
      }
    }
    return new Dockerfile(stages);
  }

  private static String value(MatchResult assignment, Map<String, String> arguments) {
    return assignment.group(3) != null
        ? assignment.group(3)
        : expand(
            Optional.ofNullable(assignment.group(2)).orElseGet(() -> assignment.group(4)),
            arguments);
  }

  /** Its instructions, each on one line, without comments and the content of here-documents. */
  private static List<String> instructions(String text) {
    String escape = BACKTICK.matcher(text).lookingAt() ? "`" : "\\";
    List<String> instructions = new ArrayList<>();
    StringBuilder begun = new StringBuilder();
    List<String> ends = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (!ends.isEmpty()) {
        if (line.equals(ends.get(0))) {
          ends.remove(0);
        }
      } else if (line.endsWith(escape) && !line.startsWith("#")) {
        begun.append(line, 0, line.length() - 1).append(' ');
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        String instruction = begun.append(line).toString();
        begun.setLength(0);
        instructions.add(instruction);
        if (instruction.matches("(?is)(RUN|COPY|ADD)\\s.*")) {
          HERE_DOCUMENT.matcher(instruction).results().forEach(end -> ends.add(end.group(1)));
        }
      }
    }
    return instructions;
  }

  private static String expand(String text, Map<String, String> arguments) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(resolved(found, arguments)));
  }

  private static String resolved(MatchResult reference, Map<String, String> arguments) {
    boolean bare = reference.group(1) != null;
    String value = arguments.get(bare ? reference.group(1) : reference.group(2));
    if (bare || reference.group(3) == null) {
      return value == null ? reference.group() : value;
    }
    String word = expand(reference.group(4), arguments);
    boolean set = value != null && !(reference.group(3).startsWith(":") && value.isEmpty());
    if (reference.group(3).endsWith("+")) {
      return set ? word : "";
    }
    return set && value != null ? value : word;
  }

  /**
   * The image that what is built comes from: of those that its last stage is built on, directly or
   * by other stages, or copies from, the first that has the kind's name, else the first.
   *
   * @param kind found in the names of images with what is wanted, such as {@code python}
   */
  Optional<String> base(Pattern kind) {
    Set<String> images = new LinkedHashSet<>();
    collect(stages.size() - 1, images, new LinkedHashSet<>());
    return images.stream()
        .filter(image -> kind.matcher(withoutRegistry(image)).find())
        .findFirst()
        .or(() -> images.stream().findFirst());
  }

  private void collect(int index, Set<String> images, Set<Integer> seen) {
    if (index < 0 || !seen.add(index)) {
      return;
    }
    Stage stage = stages.get(index);
    OptionalInt below = before(index, stage.base);
    if (below.isPresent()) {
      collect(below.getAsInt(), images, seen);
    } else {
      images.add(stage.base);
    }
    for (String source : stage.sources) {
      before(index, source).ifPresent(earlier -> collect(earlier, images, seen));
    }
  }

  private OptionalInt before(int index, String nameOrNumber) {
    for (int earlier = index - 1; earlier >= 0; earlier--) {
      if (stages.get(earlier).name.equalsIgnoreCase(nameOrNumber)
          || String.valueOf(earlier).equals(nameOrNumber)) {
        return OptionalInt.of(earlier);
      }
    }
    return OptionalInt.empty();
  }

  private static String withoutRegistry(String image) {
    return image.replaceFirst("^(?:localhost|[^/]*[.:][^/]*)/", "").toLowerCase(Locale.ROOT);
  }
}
