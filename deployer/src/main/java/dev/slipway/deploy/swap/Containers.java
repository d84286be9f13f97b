package dev.slipway.deploy.swap;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a platform at one moment.
 *
 * @param all stopped ones included, one-off ones left out
 * @param stopping ids of those that a swap has told to stop
 */
public record Containers(List<Instance> all, Set<String> stopping) {

  /** Copies. */
  public Containers {
    all = List.copyOf(all);
    stopping = Set.copyOf(stopping);
  }

  /** The same, when these are told to stop. */
  Containers stopping(Collection<Instance> told) {
    return new Containers(all, told.stream().map(Instance::id).collect(Collectors.toSet()));
  }

  /** What a swap that was cut off left and nothing serves through. */
  List<Instance> spare() {
    return all.stream().filter(this::isSpare).toList();
  }

  /** Compose's second gets the first number where the one that serves has another. */
  private boolean isSpare(Instance each) {
    return each.isSpare()
        || (each.state().equals("created")
            && !each.isNext()
            && all.stream()
                .anyMatch(other -> other.service().equals(each.service()) && other.runs()));
  }

  /**
   * The names of the containers of each service that has more than one beside what a swap made,
   * first the one that stands for it.
   */
  public Map<String, List<String>> several() {
    Map<String, List<String>> several = new TreeMap<>();
    standing()
        .forEach(
            (service, instances) -> {
              List<String> names =
                  instances.stream().filter(each -> !each.isNext()).map(Instance::name).toList();
              if (names.size() > 1) {
                several.put(service, names);
              }
            });
    return several;
  }

  /**
   * The services whose containers run in what is left of one that is gone or that was started anew
   * since: nobody reaches them there.
   */
  public Set<String> stranded() {
    Map<String, Instance> known =
        all.stream().collect(Collectors.toMap(Instance::id, each -> each, (one, same) -> one));
    return firsts().values().stream()
        .filter(Instance::runs)
        .filter(each -> each.joined().stream().anyMatch(id -> isLeft(each, known.get(id))))
        .map(Instance::service)
        .collect(Collectors.toSet());
  }

  private static boolean isLeft(Instance guest, @Nullable Instance host) {
    return host == null
        || host.startedAt().flatMap(begin -> guest.startedAt().filter(begin::isAfter)).isPresent();
  }

  /** Those of other services than these. */
  public List<Instance> beside(Set<String> services) {
    return all.stream().filter(each -> !services.contains(each.service())).toList();
  }

  /** For each service that has containers, first the one that stands for it; none that is spare. */
  Map<String, List<Instance>> standing() {
    Comparator<Instance> order = Instance.standing(stopping);
    return all.stream()
        .filter(each -> !isSpare(each))
        .sorted(order)
        .collect(Collectors.groupingBy(Instance::service, TreeMap::new, Collectors.toList()));
  }

  /**
   * The one that stands for a service.
   *
   * @throws SlipwayException when it has none
   */
  Instance standing(String service) {
    return Optional.ofNullable(firsts().get(service))
        .orElseThrow(
            () ->
                new SlipwayException(
                    ExitCode.FAILED_OLD_VERSION_SERVING,
                    "Service " + service + " has no container any more.",
                    "Somebody else works on the server; deploy again when they are done."));
  }

  /** Those that stand for these services, as far as they have any. */
  List<Instance> standing(List<String> services) {
    Map<String, Instance> firsts = firsts();
    return services.stream().filter(firsts::containsKey).map(firsts::get).toList();
  }

  /** For each service that has containers, the one that stands for it. */
  public Map<String, Instance> firsts() {
    return one(several -> several.get(0));
  }

  /**
   * The same, but the new one while a swap has made one: what is to be well, and who is to blame.
   */
  public Map<String, Instance> newest() {
    return one(
        several ->
            several.stream().filter(Instance::isNext).findFirst().orElseGet(() -> several.get(0)));
  }

  private Map<String, Instance> one(Function<List<Instance>, Instance> choice) {
    Map<String, Instance> chosen = new TreeMap<>();
    standing().forEach((service, several) -> chosen.put(service, choice.apply(several)));
    return chosen;
  }
}
