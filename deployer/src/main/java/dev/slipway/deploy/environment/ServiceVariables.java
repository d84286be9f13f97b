package dev.slipway.deploy.environment;

import dev.slipway.SlipwayException;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which services the server's {@code .env} would start with other variables than their containers
 * have: somebody has edited it since.
 */
public final class ServiceVariables {

  /** What every reader of env files and of compose files takes for itself. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./:@+=,?&%~^*!()\\[\\]{}<>|;-]*");

  /** A value that is not plain, for one that is not known. */
  private static final String UNKNOWN = "$";

  /** What a login may have too, where it goes before the file. */
  private static final Set<String> OF_A_LOGIN =
      Set.of(
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "PATH",
          "PWD",
          "MAIL",
          "TERM",
          "LANG",
          "TZ",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy");

  private static final Pattern SETTING = Pattern.compile("(?:LC|SSH|COMPOSE|DOCKER)_.*");

  /** One expression within another, of which compose 1 makes something else. */
  private static final Pattern NESTED =
      Pattern.compile("\\$\\{([A-Za-z_]\\w*)[^}$]*\\$\\{?([A-Za-z_]\\w*)");

  private ServiceVariables() {}

  /**
   * The names of those variables, by service.
   *
   * @param file the text of that file
   * @param compose the text of the release's compose file; one that cannot be read tells nothing
   * @param containers the variables that the containers have, by service
   */
  public static Map<String, Set<String>> changed(
      String file,
      ReleaseManifest release,
      String compose,
      Map<String, Map<String, String>> containers) {
    Map<String, String> values = values(file);
    NESTED
        .matcher(compose)
        .results()
        .flatMap(names -> Stream.of(names.group(1), names.group(2)))
        .forEach(name -> values.put(name, UNKNOWN));
    values.putAll(release.variables());
    try {
      return changed(services(compose, values), services(compose, release.variables()), containers);
    } catch (SlipwayException unreadable) {
      return Map.of();
    }
  }

  private static Map<String, String> values(String text) {
    Map<String, String> values = new TreeMap<>();
    for (EnvironmentVariable variable : EnvironmentVariable.in(text)) {
      String name = variable.name();
      boolean plain =
          PLAIN.matcher(variable.written()).matches()
              && !SETTING.matcher(name).matches()
              && Pattern.compile(
                      "(?m)^[ \\t]*(?:export[ \\t]+)?" + Pattern.quote(name) + "[ \\t]*=")
                  .matcher(text)
                  .find();
      values.put(name, plain ? variable.written() : UNKNOWN);
    }
    OF_A_LOGIN.forEach(name -> values.put(name, UNKNOWN));
    return values;
  }

  private static Map<String, ServiceSpec> services(String compose, Map<String, String> values) {
    return ComposeFile.parse("compose file", compose, values).services();
  }

  /**
   * @param with the services as the file makes them; another env file may go before it
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
                          && (wanted.unseenFiles().isEmpty() || constant.containsKey(name))
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
