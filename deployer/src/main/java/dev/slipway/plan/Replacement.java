package dev.slipway.plan;

import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a service's container can be replaced by another, as the compose file allows.
 *
 * @param way how
 * @param cost what that costs whatever the server is like
 */
record Replacement(Way way, Optional<Cost> cost) {

  /** The ways. */
  enum Way {
    /** The new container stands beside the old one until it serves. */
    BESIDE,
    /** The new container waits, created, until the old one has given up its port. */
    EDGE,
    /** Compose stops the old container and starts the new one. */
    IN_PLACE,
    /** The same, unless what it joins is swapped: then it may stand beside itself as well. */
    WITH_ANOTHER,
    /** The same of the edge: a new one would ask old containers that are still there. */
    EDGE_IN_PLACE,
    /** It does its work and ends: there is nothing to replace, only something to do again. */
    ONCE,
    /** The same, and others wait until it has ended. */
    AWAITED,
    /** The same of the frontend: what it copies is what users see, on the way back too. */
    PUBLISHED
  }

  /** What it costs to replace what answers the edge in place. */
  static final String IN_BETWEEN =
      "failed requests until it has finished what it has begun and its successor has started";

  static final Replacement IN_PLACE = new Replacement(Way.IN_PLACE, Optional.empty());

  /** Whether it is a job. */
  boolean ends() {
    return way == Way.ONCE || way == Way.AWAITED || way == Way.PUBLISHED;
  }

  /**
   * How each service of a compose file can be replaced.
   *
   * @param roles those of them that have a role
   */
  static Map<String, Replacement> of(ComposeFile compose, Map<Role, ServiceSpec> roles) {
    boolean edge = roles.containsKey(Role.EDGE);
    Map<String, Replacement> replacements = new TreeMap<>();
    compose
        .services()
        .forEach(
            (name, service) ->
                replacements.put(
                    name,
                    Platform.isJob(compose, roles, service)
                        ? new Replacement(
                            compose.mustEnd(service) ? Way.AWAITED : Way.ONCE, Optional.empty())
                        : withoutSuccessor(service, compose)));
    for (Role role : new Role[] {Role.BACKEND, Role.FRONTEND, Role.EDGE}) {
      Optional.ofNullable(roles.get(role))
          .filter(service -> !Platform.isJob(compose, roles, service))
          .ifPresent(service -> replacements.put(service.name(), of(role, service, compose, edge)));
    }
    Optional.ofNullable(roles.get(Role.FRONTEND))
        .filter(service -> Platform.isJob(compose, roles, service))
        .ifPresent(service -> replacements.put(service.name(), published(service, compose)));
    return replacements;
  }

  private static Replacement published(ServiceSpec service, ComposeFile compose) {
    return new Replacement(
        Way.PUBLISHED,
        Optional.of(
            new Cost(
                service.name(),
                "failed requests from when it stops until the edge asks it no more",
                compose.file() + ":" + service.line() + " is a job from now on, and answers nobody",
                "Go in two releases: first have the job beside it under another name.")));
  }

  private static Replacement withoutSuccessor(ServiceSpec service, ComposeFile compose) {
    return new Replacement(
        !service.joins().isEmpty() && mayStandTwice(service) ? Way.WITH_ANOTHER : Way.IN_PLACE,
        Optional.of(
            new Cost(
                service.name(),
                "it stops and starts anew, and meanwhile does nothing and answers nobody",
                compose.file() + ":" + service.line() + " is replaced by compose, in place",
                "Nothing, where those who ask it try again or its work can wait.")));
  }

  /** Two would write into one volume each for itself. */
  private static boolean mayStandTwice(ServiceSpec service) {
    return service.containerName().isEmpty()
        && service.scale() == 1
        && service.volumes().stream()
            .allMatch(mount -> mount.readOnly() || mount.type().equals("tmpfs"));
  }

  private static Replacement of(Role role, ServiceSpec service, ComposeFile compose, boolean edge) {
    Way way = role == Role.EDGE ? Way.EDGE_IN_PLACE : Way.IN_PLACE;
    if (service.containerName().isPresent()) {
      return inPlace(
          way,
          service,
          place(compose, service, "container_name") + " gives its container a fixed name",
          "Take that line out.");
    }
    if (service.alone().isPresent()) {
      return inPlace(
          way,
          service,
          place(compose, service, service.alone().get())
              + " leaves no room for one more container beside it",
          "Take that out, and have one container on a network of its own.");
    }
    if (role == Role.EDGE) {
      return new Replacement(
          Way.EDGE,
          Optional.of(
              new Cost(
                  service.name(),
                  "up to 1 s without an answer, and what is still under way is cut off",
                  place(compose, service, "ports") + " gives its port to one container at a time",
                  "Nothing: it goes last, and its new container is tried before.")));
    }
    if (!service.ports().isEmpty()) {
      return inPlace(
          way,
          service,
          place(compose, service, "ports") + " publishes a port, which one container can have",
          edge
              ? "Take the port out and let the edge lead there."
              : "Put an edge, such as nginx, before it.");
    }
    return edge ? new Replacement(Way.BESIDE, Optional.empty()) : IN_PLACE;
  }

  private static Replacement inPlace(Way way, ServiceSpec service, String why, String fix) {
    return new Replacement(way, Optional.of(new Cost(service.name(), IN_BETWEEN, why, fix)));
  }

  private static String place(ComposeFile compose, ServiceSpec service, String key) {
    return compose.file() + ":" + compose.lineOf("services", service.name(), key);
  }
}
