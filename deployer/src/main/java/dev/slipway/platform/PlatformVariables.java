package dev.slipway.platform;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Values for the variables that the compose file uses: from {@code .env.example} where it has one,
 * made up for this run where not.
 *
 * @param all every variable with its value
 * @param exampleKeys the keys that {@code .env.example} names
 */
public record PlatformVariables(Map<String, String> all, Set<String> exampleKeys) {

  /** Copies. */
  public PlatformVariables {
    all = Map.copyOf(all);
    exampleKeys = Set.copyOf(exampleKeys);
  }

  /**
   * The values for a platform.
   *
   * @param example the text of its {@code .env.example}; empty when it has none
   * @param commit which becomes the {@code TAG}
   */
  public static PlatformVariables of(Platform platform, String example, String commit) {
    Map<String, String> examples = new TreeMap<>();
    Set<String> keys = new TreeSet<>();
    for (String line :
        example.lines().map(String::strip).filter(text -> !text.startsWith("#")).toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        keys.add(line.substring(0, equals).strip());
        examples.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
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
    return new PlatformVariables(all, keys);
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
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }
}
