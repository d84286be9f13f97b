package dev.slipway.platform;

import dev.slipway.Secret;
import dev.slipway.platform.compose.ServiceSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a platform's PostgreSQL is reached, by the variables that its image reads.
 *
 * @param user the superuser
 * @param password the superuser's password
 * @param database the platform's own database
 * @see <a href="https://hub.docker.com/_/postgres">the image's variables</a>
 */
public record DatabaseAccess(String user, Secret password, String database) {

  /** By the environment of the compose file's postgres service. */
  public static DatabaseAccess of(ServiceSpec postgres) {
    Map<String, String> environment = environment(postgres);
    String user = environment.getOrDefault("POSTGRES_USER", "postgres");
    return new DatabaseAccess(
        user,
        Secret.of(environment.getOrDefault("POSTGRES_PASSWORD", "")),
        environment.getOrDefault("POSTGRES_DB", user));
  }

  /** A service's variables that have a value. */
  public static Map<String, String> environment(ServiceSpec service) {
    Map<String, String> environment = new LinkedHashMap<>();
    service
        .environment()
        .forEach((name, value) -> value.ifPresent(text -> environment.put(name, text)));
    return environment;
  }

  /** The variables of a service that uses the database, for another database of the same server. */
  public Map<String, String> environment(ServiceSpec service, String other) {
    Map<String, String> environment = environment(service);
    environment.replaceAll(
        (name, value) ->
            value.matches("postgres\\w*(\\+\\w+)?://.*")
                ? value.replaceFirst("(://[^/]+/)[^?]*", "$1" + other)
                : value.equals(database) && name.matches("(?i).*(DB|DATABASE)(_{0,2}NAME)?")
                    ? other
                    : value);
    return environment;
  }
}
