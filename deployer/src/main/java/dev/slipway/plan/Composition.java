package dev.slipway.plan;

import dev.slipway.platform.Platform;
import dev.slipway.platform.Role;
import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.ServiceOrder;
import dev.slipway.platform.compose.ServiceSpec;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a compose file says of its services.
 *
 * @param known their names
 * @param services those that may run, each after those it depends on; those that only a profile
 *     starts come last
 * @param profiles these last ones, each with its profiles
 * @param foreignImages the images of those that are not built, as far as they are known
 * @param sharers those that run the image of another that is built, each with that
 * @param ways how each can be replaced; in place, where it is not named
 * @param needs what each depends on
 * @param joins whose network, processes or shared memory each joins
 * @param attachments what compose attaches each to
 * @param roles which of them has which role
 */
record Composition(
    Set<String> known,
    List<String> services,
    Map<String, Set<String>> profiles,
    Map<String, String> foreignImages,
    Map<String, String> sharers,
    Map<String, Replacement> ways,
    Map<String, Set<String>> needs,
    Map<String, Set<String>> joins,
    Map<String, Attachment> attachments,
    Map<Role, String> roles) {

  /** Copies. */
  Composition {
    known = Set.copyOf(known);
    services = List.copyOf(services);
    profiles = Map.copyOf(profiles);
    foreignImages = Map.copyOf(foreignImages);
    sharers = Map.copyOf(sharers);
    ways = Map.copyOf(ways);
    needs = Map.copyOf(needs);
    joins = Map.copyOf(joins);
    attachments = Map.copyOf(attachments);
    roles = Map.copyOf(roles);
  }

  /** By the platform's own file. */
  static Composition of(Platform platform) {
    return of(
        platform.name(),
        platform.compose(),
        platform.services(),
        platform.sharers(),
        platform.foreignImages());
  }

  /**
   * By that of another release, whose services have the platform's roles as far as it has them.
   *
   * @param built the services that the release has images of
   */
  static Composition of(Platform platform, ComposeFile compose, Collection<String> built) {
    Map<Role, ServiceSpec> roles = new EnumMap<>(Role.class);
    platform
        .services()
        .forEach(
            (role, service) ->
                Optional.ofNullable(compose.services().get(service.name()))
                    .ifPresent(same -> roles.put(role, same)));
    Map<String, String> sharers = compose.sharers(built);
    Set<String> ours = new LinkedHashSet<>(built);
    ours.addAll(sharers.keySet());
    return of(platform.name(), compose, roles, sharers, compose.imagesBeside(ours));
  }

  private static Composition of(
      String project,
      ComposeFile compose,
      Map<Role, ServiceSpec> roles,
      Map<String, String> sharers,
      Map<String, String> foreignImages) {
    Map<String, Set<String>> needs = new TreeMap<>();
    Map<String, Set<String>> joins = new TreeMap<>();
    compose
        .services()
        .forEach(
            (name, service) -> {
              needs.put(name, service.needs());
              joins.put(name, service.joins());
            });
    List<String> services = ServiceOrder.withProfiles(compose);
    Map<String, Set<String>> profiles = new TreeMap<>();
    compose
        .services()
        .forEach((name, service) -> profiles.put(name, Set.copyOf(service.profiles())));
    profiles.keySet().retainAll(services);
    ServiceOrder.of(compose).forEach(profiles::remove);
    return new Composition(
        compose.services().keySet(),
        services,
        profiles,
        foreignImages,
        sharers,
        Replacement.of(compose, roles),
        needs,
        joins,
        Attachment.of(compose, project),
        names(roles));
  }

  private static Map<Role, String> names(Map<Role, ServiceSpec> roles) {
    Map<Role, String> names = new EnumMap<>(Role.class);
    roles.forEach((role, service) -> names.put(role, service.name()));
    return names;
  }

  /** The service of a role, if the file has it. */
  Optional<String> service(Role role) {
    return Optional.ofNullable(roles.get(role));
  }

  Replacement way(String service) {
    return ways.getOrDefault(service, Replacement.IN_PLACE);
  }

  /** The services that it joins; their new containers leave its container behind. */
  Set<String> joined(String service) {
    return joins.getOrDefault(service, Set.of());
  }

  /** The services that join it. */
  List<String> guests(String service) {
    return services.stream().filter(each -> joined(each).contains(service)).toList();
  }

  /** Everything that these depend on, near or far. */
  Set<String> neededBy(Collection<String> roots) {
    Set<String> needed = new LinkedHashSet<>();
    roots.forEach(root -> addNeeded(root, needed));
    return needed;
  }

  private void addNeeded(String service, Set<String> needed) {
    for (String other : needs.getOrDefault(service, Set.of())) {
      if (needed.add(other)) {
        addNeeded(other, needed);
      }
    }
  }
}
