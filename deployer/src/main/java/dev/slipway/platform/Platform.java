package dev.slipway.platform;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.PortMapping;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.Variable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The platform that Slipway proves and ships: its settings and compose file, found consistent.
 *
 * @param settings what its {@code slipway.yml} and the conventions say
 * @param compose its compose file
 * @param services the services that have a role; the backend is always there
 * @param built those built from its repository, in the order backend, frontend, edge
 */
public record Platform(
    SlipwayFile settings,
    ComposeFile compose,
    Map<Role, ServiceSpec> services,
    List<BuiltService> built) {

  /** Validates and copies. */
  public Platform {
    if (!services.containsKey(Role.BACKEND)) {
      throw new IllegalArgumentException("a platform has a backend");
    }
    services = Collections.unmodifiableMap(new EnumMap<>(services));
    built = List.copyOf(built);
  }

  /**
   * The compose project: as {@code slipway.yml} says, else the compose file, else the last segment
   * of the server's directory as compose itself would derive it.
   */
  public String name() {
    return settings
        .name()
        .or(compose::projectName)
        .orElseGet(() -> normalized(settings.serverDirectory()));
  }

  /** What compose makes of a folder's name; empty when it can make nothing of it. */
  static String normalized(String directory) {
    return directory
        .substring(directory.lastIndexOf('/') + 1)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^-_a-z0-9]", "")
        .replaceFirst("^[-_]+", "");
  }

  /** The service of a role, if the platform has it. */
  public Optional<ServiceSpec> service(Role role) {
    return Optional.ofNullable(services.get(role));
  }

  /** The backend. */
  public ServiceSpec backend() {
    return Objects.requireNonNull(services.get(Role.BACKEND));
  }

  /**
   * The images of the services that are not built from the repository, as far as they are known.
   */
  public Map<String, String> foreignImages() {
    Set<String> ours =
        Stream.concat(built.stream().map(BuiltService::name), sharers().keySet().stream())
            .collect(Collectors.toSet());
    return compose.imagesBeside(ours);
  }

  /**
   * The services that run the image of one that is built, such as a worker that runs the backend's
   * with another command; each with the service whose image it is.
   */
  public Map<String, String> sharers() {
    return compose.sharers(built.stream().map(BuiltService::name).toList());
  }

  /** These services and those that run the image of one of them. */
  public Set<String> withSharers(Set<String> services) {
    Set<String> all = new TreeSet<>(services);
    sharers()
        .forEach(
            (sharer, builder) -> {
              if (services.contains(builder)) {
                all.add(sharer);
              }
            });
    return all;
  }

  /** Whether a service does its work and ends. */
  public boolean isJob(ServiceSpec service) {
    return isJob(compose, services, service);
  }

  /**
   * The same by any compose file. Of the services that have a role the frontend alone may, where
   * others wait until it has copied its files.
   */
  public static boolean isJob(
      ComposeFile compose, Map<Role, ServiceSpec> roles, ServiceSpec service) {
    return service.equals(roles.get(Role.FRONTEND))
        ? compose.mustEnd(service)
        : compose.mayEnd(service) && !roles.containsValue(service);
  }

  /** Whether and how the service of a role is built. */
  public Optional<BuiltService> built(Role role) {
    return built.stream().filter(service -> service.role() == role).findFirst();
  }

  /**
   * Where the sources of the pages are: in the frontend's folder, or where {@code slipway.yml} says
   * that they are although another service's image has what is built from them.
   */
  public Optional<String> pageSources() {
    return built(Role.FRONTEND)
        .map(BuiltService::folder)
        .or(() -> settings.part(Role.FRONTEND).sources());
  }

  /** The service whose image is built from them: the frontend, the edge or the backend. */
  public Optional<BuiltService> pageBuilder() {
    return pageSources()
        .flatMap(
            sources ->
                Stream.of(Role.FRONTEND, Role.EDGE, Role.BACKEND)
                    .flatMap(role -> built(role).stream())
                    .filter(
                        service ->
                            service.folder().equals(".")
                                || (sources + "/").startsWith(service.folder() + "/"))
                    .findFirst());
  }

  /** The service that takes requests from outside: the edge, or without one the backend. */
  public ServiceSpec entry() {
    return service(Role.EDGE).orElseGet(this::backend);
  }

  /** The first TCP port that the entry publishes. */
  public Optional<PortMapping> entryPort() {
    return entry().ports().stream().filter(port -> port.protocol().equals("tcp")).findFirst();
  }

  /** How the backend tells that it is well. */
  public Health health() {
    return settings.health();
  }

  /** How the schema is moved. */
  public Migrations migrations() {
    return settings.migrations();
  }

  /** How the database is backed up before its schema is moved. */
  public BackupSettings backup() {
    return settings.backup();
  }

  /** What the team runs around a deployment. */
  public Hooks hooks() {
    return settings.hooks();
  }

  /** The checkout on the server, an absolute path. */
  public String serverDirectory() {
    return settings.serverDirectory();
  }

  /** The variables that the compose file uses. */
  public List<Variable> variables() {
    return compose.variables();
  }
}
