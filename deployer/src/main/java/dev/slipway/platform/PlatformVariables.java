package dev.slipway.platform;

import dev.slipway.platform.compose.Assignment;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.Template;
import dev.slipway.platform.compose.Variable;
import dev.slipway.platform.compose.VariableFiles;
import dev.slipway.platform.contract.SecretNames;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values for the variables that the compose file uses and {@code .env.example} names: from there
 * where it has one, made up for this run where not.
 *
 * @param all every variable with its value
 * @param exampleKeys the keys that {@code .env.example} names
 * @param files the texts of further env files that only a server has, by their paths from the
 *     compose file's folder
 */
public record PlatformVariables(
    Map<String, String> all, Set<String> exampleKeys, Map<String, String> files) {

  private static final String EXAMPLE = ".env.example";
  private static final Pattern SETTING = Pattern.compile("COMPOSE_|DOCKER_");
  private static final Pattern PLAIN = Pattern.compile("[^\\s\"'#$\\\\]*");

  private static final Pattern MADE_UP = Pattern.compile("s[0-9a-f]{24}");
  private static final Pattern LOGIN =
      Pattern.compile(
          "(.*_)?(user(name)?|db|dbname|database|name|login)", Pattern.CASE_INSENSITIVE);
  private static final Set<Template.Operator> TAKES_NOTHING =
      Set.of(Template.Operator.NONE, Template.Operator.REQUIRED_SET);

  /** Copies. */
  public PlatformVariables {
    all = Map.copyOf(all);
    exampleKeys = Set.copyOf(exampleKeys);
    files = Map.copyOf(files);
  }

  /**
   * The values for a platform. Its {@code .env.example} lies beside its compose file, where compose
   * looks for {@code .env}, or in its root.
   *
   * @param files the texts of its files by their paths
   * @param commit which becomes the {@code TAG}
   */
  public static PlatformVariables of(
      Platform platform, Function<String, Optional<String>> files, String commit) {
    String beside = platform.compose().file().replaceFirst("[^/]*$", EXAMPLE);
    Map<String, String> examples =
        EnvironmentVariable.values(
            files.apply(beside).or(() -> files.apply(EXAMPLE)).orElse(""), Map.of());
    Map<String, String> all =
        others(
            examples,
            platform.variables().stream().map(Variable::name).collect(Collectors.toSet()));
    Predicate<Variable> mayBeEmpty = mayBeEmpty(platform.compose());
    for (Variable variable : platform.variables()) {
      String value = examples.getOrDefault(variable.name(), "");
      if (!value.isEmpty()) {
        all.put(variable.name(), value);
      } else if (!variable.optional()) {
        boolean empty = examples.containsKey(variable.name()) && mayBeEmpty.test(variable);
        all.put(variable.name(), empty ? "" : madeUp());
      }
    }
    all.computeIfPresent("REGISTRY", (name, value) -> "slipway.local/" + platform.name());
    all.computeIfPresent("TAG", (name, value) -> commit);
    return new PlatformVariables(all, examples.keySet(), files(platform.compose(), files));
  }

  /**
   * Whether a variable is no more than handed on to services, which then have nothing in
   * production, too; but for secrets and for what a database is called and logged in to by.
   */
  private static Predicate<Variable> mayBeEmpty(ComposeFile compose) {
    Map<String, Set<Integer>> handedOn = new TreeMap<>();
    Set<String> within = new TreeSet<>();
    for (String service : compose.services().keySet()) {
      for (Assignment assignment :
          compose.serviceNode(service).get("environment").map(Assignment::in).orElse(List.of())) {
        Template value = assignment.value().flatMap(Template::of).orElse(new Template(List.of()));
        if (value.parts().size() == 1
            && value.parts().get(0) instanceof Template.Reference reference
            && TAKES_NOTHING.contains(reference.operator())) {
          handedOn
              .computeIfAbsent(reference.name(), name -> new TreeSet<>())
              .add(assignment.line());
        } else {
          value.references().forEach(reference -> within.add(reference.name()));
        }
      }
    }
    return variable ->
        !SecretNames.matches(variable.name())
            && !LOGIN.matcher(variable.name()).matches()
            && !within.contains(variable.name())
            && variable.uses().stream()
                .allMatch(
                    use -> handedOn.getOrDefault(variable.name(), Set.of()).contains(use.line()));
  }

  private static Map<String, String> files(
      ComposeFile compose, Function<String, Optional<String>> files) {
    Map<String, String> texts = new TreeMap<>();
    new VariableFiles(compose.file(), files, Map.of())
        .examples(compose.secretFiles().environment())
        .forEach(
            (path, example) ->
                texts.put(
                    path, text(others(EnvironmentVariable.values(example, Map.of()), Set.of()))));
    return texts;
  }

  /**
   * Those of the example that the compose file does not use itself, for services that read the file
   * whole; without those that compose or docker would take for their own settings.
   */
  private static Map<String, String> others(Map<String, String> examples, Set<String> used) {
    Map<String, String> others = new TreeMap<>();
    examples.forEach(
        (name, value) -> {
          if (!used.contains(name) && !SETTING.matcher(name).lookingAt()) {
            others.put(name, value.isEmpty() && SecretNames.matches(name) ? madeUp() : value);
          }
        });
    return others;
  }

  /** The variables whose values were made up and stand in a text. */
  public Set<String> madeUpIn(String text) {
    return all.entrySet().stream()
        .filter(variable -> MADE_UP.matcher(variable.getValue()).matches())
        .filter(variable -> text.contains(variable.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String madeUp() {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return "s" + HexFormat.of().formatHex(random);
  }

  /** As the text of an env file. */
  public String envFile() {
    return text(all);
  }

  private static String text(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values)
        .forEach((name, value) -> text.append(name).append('=').append(quoted(value)).append('\n'));
    return text.toString();
  }

  private static String quoted(String value) {
    if (PLAIN.matcher(value).matches()) {
      return value;
    }
    return value.contains("'")
        ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + '"'
        : "'" + value + "'";
  }
}
