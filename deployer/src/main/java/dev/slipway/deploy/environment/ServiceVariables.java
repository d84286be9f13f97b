package dev.slipway.deploy.environment;

import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.platform.ComposeFile;
import dev.slipway.platform.EnvironmentVariable;
import dev.slipway.platform.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which services the server's {@code .env} would start with other variables than their containers
 * have: somebody has edited it since.
 *
 * @param file that file
 */
public record ServiceVariables(EnvironmentFile file) {

  /** What every reader of env files and of compose files takes for itself. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./:@+=,?&%~^*!()\\[\\]{}<>|;-]*");

  /** What a login has too, where it goes before the file. */
  private static final Pattern OF_A_LOGIN =
      Pattern.compile(
          "HOME|USER|LOGNAME|SHELL|PATH|PWD|MAIL|TERM|LANG|LC_.*|SSH_.*|COMPOSE_.*|DOCKER_.*");

  /**
   * The names of those variables, by service.
   *
   * @param compose the text of the release's compose file; one that cannot be read tells nothing
   * @param containers the variables that the containers have, by service
   */
  public Map<String, Set<String>> changed(
      ReleaseManifest release, String compose, Map<String, Map<String, String>> containers) {
    CommandResult text = file.read();
    if (!text.succeeded()) {
      return Map.of();
    }
    Map<String, String> values =
        new TreeMap<>(EnvironmentVariable.values(text.standardOutput(), release.variables()));
    values.keySet().removeIf(name -> OF_A_LOGIN.matcher(name).matches());
    values.putAll(release.variables());
    try {
      return changed(services(compose, values), services(compose, release.variables()), containers);
    } catch (SlipwayException unreadable) {
      return Map.of();
    }
  }

  private static Map<String, ServiceSpec> services(String compose, Map<String, String> values) {
    return ComposeFile.parse("compose file", compose, values).services();
  }

  /**
   * @param with the services as the file makes them
   * @param without as they would be without it, in which they differ by what they take from it
   */
  private static Map<String, Set<String>> changed(
      Map<String, ServiceSpec> with,
      Map<String, ServiceSpec> without,
      Map<String, Map<String, String>> containers) {
    Map<String, Set<String>> changed = new TreeMap<>();
    containers.forEach(
        (service, has) -> {
          ServiceSpec wanted = with.get(service);
          if (wanted != null) {
            Map<String, ?> constant = Objects.requireNonNull(without.get(service)).environment();
            Set<String> names = new TreeSet<>();
            wanted
                .environment()
                .forEach(
                    (name, value) -> {
                      if (!value.equals(constant.get(name))
                          && value.filter(text -> PLAIN.matcher(text).matches()).isPresent()
                          && !value.get().equals(has.get(name))) {
                        names.add(name);
                      }
                    });
            if (!names.isEmpty()) {
              changed.put(service, names);
            }
          }
        });
    return changed;
  }
}
