package dev.slipway.plan;

import dev.slipway.plan.EdgeState.LiteralUpstream;
import dev.slipway.plan.EdgeState.SingleTry;
import dev.slipway.plan.Replacement.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Puts the services that need another container into steps: what is not there is started, and jobs
 * are run; then what those depend on that can be swapped beside the running ones, these, the rest,
 * and the edge last. The old containers of the swapped ones stay until the new ones were seen to be
 * well, as a short way back; not beside a new edge, or one that nobody keeps from them, which would
 * ask both.
 */
final class Replacements {

  private static final String RELOADED =
      "nginx is reloaded three times, at which a POST over an idle connection may fail";

  private final WantedServices wanted;
  private final Composition composition;
  private final HostState state;
  private final Map<String, String> causes;
  private final Set<String> later;
  private final Set<String> unseen;
  private final List<Step> steps = new ArrayList<>();
  private final List<Cost> costs = new ArrayList<>();
  private Set<String> swapped = Set.of();
  private Set<String> before = Set.of();
  private Optional<Step> retirement = Optional.empty();

  /**
   * @param causes the services that need another container, in the order of their dependencies,
   *     each with its cause
   */
  Replacements(WantedServices wanted, Map<String, String> causes) {
    this.wanted = wanted;
    this.composition = wanted.composition();
    this.state = wanted.state();
    this.causes = causes;
    this.later = wanted.later();
    this.unseen = wanted.unseen();
    if (!causes.isEmpty()) {
      decide();
    }
  }

  List<Step> steps() {
    return steps;
  }

  /** What is left to do when the new containers were seen to be well. */
  Optional<Step> retirement() {
    return retirement;
  }

  List<Cost> costs() {
    return costs;
  }

  /** Those of which a new container stands beside the old one. */
  Set<String> swapped() {
    return swapped;
  }

  /** Those that are replaced before, in place, since these depend on them. */
  Set<String> before() {
    return before;
  }

  private void decide() {
    Set<String> pairs = besideOthers();
    Map<String, String> beside = only(pairs::contains);
    Map<String, String> edge = only(service -> running(service) && way(service) == Way.EDGE);
    boolean swapping = !beside.isEmpty() || !edge.isEmpty();
    Set<String> needed = neededAtOnce(beside.keySet(), edge.keySet());
    Map<String, String> first =
        withWhatTheyJoin(
            only(
                swapping
                    ? service ->
                        comesFirst(service) || (isAbsent(service) && needed.contains(service))
                    : neededByJobs()::contains));
    if (!swapping) {
      start(first);
      update(only(service -> !first.containsKey(service)));
      return;
    }
    swapped = beside.keySet();
    Set<String> jobs = only(this::isJob).keySet();
    Set<String> needs = composition.neededBy(union(swapped, jobs));
    Map<String, String> foundations =
        only(
            service ->
                needs.contains(service) && isFoundation(service) && !joins(service, beside, edge));
    before = foundations.keySet();
    boolean jobsNeedThem = composition.neededBy(jobs).stream().anyMatch(foundations::containsKey);
    if (!jobsNeedThem) {
      start(first);
    }
    update(foundations);
    if (jobsNeedThem) {
      start(first);
    }
    if (!beside.isEmpty()) {
      steps.add(new Step.SwapServices(List.copyOf(beside.keySet()), said(beside)));
      beside.keySet().stream()
          .filter(service -> way(service) == Way.BESIDE)
          .forEach(this::costOfSwap);
    }
    Map<String, String> last =
        only(service -> !beside.containsKey(service) && joins(service, edge, Map.of()));
    Map<String, String> rest =
        only(
            service ->
                !first.containsKey(service)
                    && !foundations.containsKey(service)
                    && !beside.containsKey(service)
                    && !edge.containsKey(service)
                    && !last.containsKey(service));
    boolean edgeInPlace = rest.keySet().stream().anyMatch(each -> way(each) == Way.EDGE_IN_PLACE);
    List<String> joining =
        rest.keySet().stream().filter(each -> joins(each, beside, Map.of())).toList();
    if (!beside.isEmpty() && edgeInPlace) {
      retire(List.copyOf(beside.keySet()), true);
    } else if (!joining.isEmpty()) {
      steps.add(
          new Step.RetireServices(
              List.copyOf(beside.keySet()),
              String.join(", ", joining) + " must find the new ones alone"));
    }
    update(rest);
    if (!beside.isEmpty() && !edgeInPlace && joining.isEmpty()) {
      retire(List.copyOf(beside.keySet()), !edge.isEmpty());
    }
    edge.forEach(
        (service, cause) -> {
          steps.add(new Step.ReplaceEdge(service, said(Map.of(service, cause))));
          composition.way(service).cost().ifPresent(costs::add);
        });
    update(last);
  }

  /**
   * Those of which a new container can stand beside the old one, and those that join one of them
   * and can do so too. One that is joined by what cannot is replaced in place: its new container
   * may not get well without that.
   */
  private Set<String> besideOthers() {
    Set<String> beside = new LinkedHashSet<>();
    for (String service : causes.keySet()) {
      if (edgeRuns()
          && running(service)
          && way(service) == Way.BESIDE
          && singleTry(service).isEmpty()) {
        Optional<String> alone =
            composition.guests(service).stream().filter(this::isHeld).findFirst();
        alone.ifPresentOrElse(
            guest -> costs.add(inPlace(service, guest)), () -> beside.add(service));
      } else if (goesWithAnother(service) && beside.containsAll(composition.joined(service))) {
        beside.add(service);
      }
    }
    return beside;
  }

  private boolean isHeld(String guest) {
    return causes.containsKey(guest) && !wanted.isBuilt(guest) && !goesWithAnother(guest);
  }

  /** Not what may have begun to work before the release was seen to be well. */
  private boolean goesWithAnother(String service) {
    return way(service) == Way.WITH_ANOTHER
        && !wanted.isBuilt(service)
        && Attachment.of(state.attachments(), service).volumes().values().stream()
            .noneMatch(Attachment::isAnonymous);
  }

  private static Cost inPlace(String service, String guest) {
    return new Cost(
        service,
        Replacement.IN_BETWEEN,
        guest + " joins it and cannot stand twice: it has a fixed name or a volume to write to",
        "Have both on one network, where each finds the other by its name, and take `service:"
            + service
            + "` out of "
            + guest
            + ".");
  }

  private boolean joins(String service, Map<String, String> some, Map<String, String> others) {
    return composition.joined(service).stream()
        .anyMatch(each -> some.containsKey(each) || others.containsKey(each));
  }

  /** Without those that would join a container which is replaced later. */
  private Map<String, String> withWhatTheyJoin(Map<String, String> services) {
    Map<String, String> together = new LinkedHashMap<>();
    services.forEach(
        (service, cause) -> {
          if (composition.joined(service).stream()
              .allMatch(each -> together.containsKey(each) || !causes.containsKey(each))) {
            together.put(service, cause);
          }
        });
    return together;
  }

  /**
   * Whether it has nothing of the release's own code, and so may as well serve the old one; a new
   * one may not get well without what is new in it.
   */
  private boolean isFoundation(String service) {
    return running(service)
        && (way(service) == Way.IN_PLACE || way(service) == Way.WITH_ANOTHER)
        && !wanted.isBuilt(service);
  }

  private void start(Map<String, String> services) {
    if (!services.isEmpty()) {
      steps.add(new Step.StartServices(List.copyOf(services.keySet()), said(services)));
    }
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }

  /** Whether it is started while what serves still does, for its own sake. */
  private boolean comesFirst(String service) {
    return way(service) != Way.PUBLISHED
        && (isJob(service) || (!running(service) && !later.contains(service)));
  }

  /** What those that are swapped, and those that come before, depend on. */
  private Set<String> neededAtOnce(Set<String> beside, Set<String> edge) {
    Set<String> roots = new TreeSet<>(beside);
    roots.addAll(edge);
    causes.keySet().stream().filter(this::comesFirst).forEach(roots::add);
    return composition.neededBy(roots);
  }

  private boolean isAbsent(String service) {
    return !state.containers().containsKey(service);
  }

  /** The jobs, and what stands before the last of them; compose alone would not wait for them. */
  private Set<String> neededByJobs() {
    List<String> order = List.copyOf(causes.keySet());
    int last = -1;
    for (String service : order) {
      if (isJob(service)) {
        last = order.indexOf(service);
      }
    }
    return order.subList(0, last + 1).stream()
        .filter(service -> comesFirst(service) || isJob(service) || isAbsent(service))
        .collect(Collectors.toSet());
  }

  private boolean isJob(String service) {
    return composition.way(service).ends();
  }

  private void retire(List<String> swapped, boolean newEdge) {
    if (newEdge || !state.edge().orElseThrow().keepsApart()) {
      steps.add(
          new Step.RetireServices(swapped, "the edge would ask them as it asks the new ones"));
    } else {
      retirement = Optional.of(new Step.RetireServices(swapped, "the new ones are well"));
    }
  }

  private void update(Map<String, String> updates) {
    if (updates.isEmpty()) {
      return;
    }
    Set<String> recreated = new TreeSet<>(unseen);
    recreated.retainAll(updates.keySet());
    steps.add(new Step.UpdateServices(List.copyOf(updates.keySet()), recreated, said(updates)));
    updates.keySet().stream()
        .filter(this::running)
        .forEach(service -> costInPlace(service).ifPresent(costs::add));
  }

  private Optional<Cost> costInPlace(String service) {
    Replacement replacement = composition.way(service);
    return switch (replacement.way()) {
      case IN_PLACE, WITH_ANOTHER, PUBLISHED, EDGE_IN_PLACE -> replacement.cost();
      case BESIDE -> singleTry(service).map(Replacements::inPlace);
      case EDGE, ONCE, AWAITED -> Optional.empty();
    };
  }

  /** While two containers are there, one of them refuses the edge. */
  private Optional<SingleTry> singleTry(String service) {
    return state.edge().flatMap(edge -> edge.singleTry(service));
  }

  private static Cost inPlace(SingleTry singleTry) {
    return new Cost(
        singleTry.service(),
        Replacement.IN_BETWEEN,
        singleTry.place()
            + " has `"
            + singleTry.text()
            + "`, with which nginx does not go on to the new container when the old one refuses",
        "Let it go on after `error` and try twice, as it does by itself: it sends no POST again that"
            + " it has sent, unless `non_idempotent` is there.");
  }

  private void costOfSwap(String service) {
    EdgeState edge = state.edge().orElseThrow();
    if (!edge.refuses()) {
      costs.add(
          new Cost(
              service,
              "a few requests may fail or hang",
              "the server lets nobody refuse connections to its old container",
              "Install iptables there; it is run in the edge's network by a container that lives for"
                  + " a moment."));
    }
    if (edge.refuses() && edge.ipv6()) {
      costs.add(
          new Cost(
              service,
              "a few requests may fail or hang",
              "the edge may reach its old container by IPv6, where connections are not refused",
              "Write ipv6=off into nginx's resolver, or take enable_ipv6 from the network."));
    }
    edge.unread()
        .map(why -> unread(service, why, edge))
        .or(
            () ->
                edge.literals().stream()
                    .filter(literal -> literal.service().equals(service))
                    .findFirst()
                    .map(literal -> literal(service, literal)))
        .or(
            () ->
                edge.remembersForLong() ? Optional.of(remembered(service, edge)) : Optional.empty())
        .ifPresent(costs::add);
  }

  private static Cost unread(String service, String why, EdgeState edge) {
    return new Cost(
        service,
        edge.needsReload(Set.of(service)) ? RELOADED : "a few requests may fail or hang",
        "it is not known how the edge finds it: " + why,
        "See that `nginx -t` passes in its container, or that it looks names up at every request.");
  }

  private static Cost literal(String service, LiteralUpstream literal) {
    return new Cost(
        service,
        RELOADED,
        literal.place() + " names it in `" + literal.text() + "`, which is looked up once",
        "Write `resolver 127.0.0.11 valid=1s;`, `set $"
            + service.replaceAll("\\W", "_")
            + " …;` and the variable in proxy_pass, everywhere.");
  }

  private static Cost remembered(String service, EdgeState edge) {
    return new Cost(
        service,
        RELOADED,
        "nginx goes by an address that it has looked up for up to "
            + edge.memory().toSeconds()
            + " s",
        "Write `valid=1s` into nginx's resolver: `resolver 127.0.0.11 valid=1s;`.");
  }

  private Map<String, String> only(Predicate<String> wanted) {
    Map<String, String> chosen = new LinkedHashMap<>();
    causes.forEach(
        (service, cause) -> {
          if (wanted.test(service)) {
            chosen.put(service, cause);
          }
        });
    return chosen;
  }

  private Way way(String service) {
    return composition.way(service).way();
  }

  private boolean edgeRuns() {
    return state.edge().isPresent();
  }

  private boolean running(String service) {
    return state.runs(service);
  }

  private static String said(Map<String, String> causes) {
    return String.join(
        "; ",
        causes.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).toList());
  }
}
