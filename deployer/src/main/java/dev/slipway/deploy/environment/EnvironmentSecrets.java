package dev.slipway.deploy.environment;

import dev.slipway.Secret;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.contract.SecretNames;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The secrets in variables: the values of names that say so, the passwords and tokens inside any
 * address and, in an env file, what looks like a token whatever its name.
 */
public final class EnvironmentSecrets {

  private static final int SHORTEST = 6;
  private static final Set<String> WORKING_DIRECTORIES = Set.of("PWD", "OLDPWD");

  private EnvironmentSecrets() {}

  /**
   * The secrets in the text of an env file. Values of fewer than 6 characters are left out: they
   * stand in so many words that a log without them could not be read.
   *
   * @param known names whose values anybody may read, such as those in the names of images
   */
  static List<Secret> in(String text, Set<String> known) {
    Set<String> found = new LinkedHashSet<>();
    for (EnvironmentVariable variable : EnvironmentVariable.in(text)) {
      for (String value : readings(variable)) {
        found.addAll(named(variable.name(), value));
        if (!known.contains(variable.name())) {
          found.addAll(Credentials.likely(value));
        }
      }
    }
    return secrets(found);
  }

  /** The secret that the whole text of a file is. */
  static List<Secret> whole(String text) {
    return secrets(Set.of(text.strip()));
  }

  /**
   * The secrets in this process's variables, most of which are no secret at all: {@code PWD} is the
   * shell's working directory.
   */
  public static List<Secret> of(Map<String, String> variables) {
    Map<String, String> others = new LinkedHashMap<>(variables);
    others.keySet().removeAll(WORKING_DIRECTORIES);
    Set<String> found = new LinkedHashSet<>();
    others.forEach((name, value) -> found.addAll(named(name, value)));
    return secrets(found);
  }

  private static Set<String> named(String name, String value) {
    Set<String> found = new LinkedHashSet<>();
    if (SecretNames.matches(name)) {
      found.add(value);
    }
    found.addAll(Credentials.inAddresses(value));
    return found;
  }

  private static List<Secret> secrets(Set<String> values) {
    return values.stream().filter(value -> value.length() >= SHORTEST).map(Secret::of).toList();
  }

  /** The value as it is written and as compose may read it. */
  private static List<String> readings(EnvironmentVariable variable) {
    String written = variable.written();
    String value = variable.value();
    return switch (variable.quotes()) {
      case SINGLE -> List.of(written);
      case DOUBLE -> List.of(written, value, written.replace("$$", "$"));
      case NONE -> List.of(written, value, value.replace("$$", "$"));
    };
  }
}
