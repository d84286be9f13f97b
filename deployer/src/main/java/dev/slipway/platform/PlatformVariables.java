package dev.slipway.platform;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Values for the variables that the compose file uses: from {@code .env.example} where it has one,
 * made up for this run where not.
 *
 * @param all every variable with its value
 * @param exampleKeys the keys that {@code .env.example} names
 */
public record PlatformVariables(Map<String, String> all, Set<String> exampleKeys) {

  private static final String EXAMPLE = ".env.example";
  private static final Pattern PLAIN = Pattern.compile("[^\\s\"'#$\\\\]*");

  /** Copies. */
  public PlatformVariables {
    all = Map.copyOf(all);
    exampleKeys = Set.copyOf(exampleKeys);
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
        examples(files.apply(beside).or(() -> files.apply(EXAMPLE)).orElse(""));
    Map<String, String> all = new TreeMap<>();
    for (Variable variable : platform.variables()) {
      String value = examples.getOrDefault(variable.name(), "");
      if (!value.isEmpty()) {
        all.put(variable.name(), value);
      } else if (!variable.optional()) {
        all.put(variable.name(), madeUp());
      }
    }
    all.computeIfPresent("REGISTRY", (name, value) -> "slipway.local/" + platform.name());
    all.computeIfPresent("TAG", (name, value) -> commit);
    return new PlatformVariables(all, examples.keySet());
  }

  private static Map<String, String> examples(String text) {
    Map<String, String> examples = new TreeMap<>();
    for (EnvironmentVariable variable : EnvironmentVariable.in(text)) {
      examples.put(variable.name(), resolved(variable, examples));
    }
    return examples;
  }

  private static String resolved(EnvironmentVariable variable, Map<String, String> earlier) {
    String value = variable.value();
    if (variable.quotes() == EnvironmentVariable.Quotes.SINGLE) {
      return value;
    }
    try {
      return Template.parse(value).resolve(earlier);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  private static String madeUp() {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return "s" + HexFormat.of().formatHex(random);
  }

  /** As the text of an env file. */
  public String envFile() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(all)
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
