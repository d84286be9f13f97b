package dev.slipway.platform.compose;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The order in which services can start: each after those it depends on. */
public final class ServiceOrder {

  private final ComposeFile compose;
  private final Set<String> ordered = new LinkedHashSet<>();

  private ServiceOrder(ComposeFile compose) {
    this.compose = compose;
  }

  /** Every service that is always started, in that order; a circle is broken where it closes. */
  public static List<String> of(ComposeFile compose) {
    ServiceOrder order = new ServiceOrder(compose);
    compose.services().values().stream()
        .filter(ServiceSpec::isAlwaysStarted)
        .forEach(service -> order.visit(service, new LinkedHashSet<>()));
    return new ArrayList<>(order.ordered);
  }

  /** The same, and after them those that only a profile starts. */
  public static List<String> withProfiles(ComposeFile compose) {
    ServiceOrder order = new ServiceOrder(compose);
    order.ordered.addAll(of(compose));
    compose.services().values().stream()
        .filter(service -> service.scale() > 0)
        .forEach(service -> order.visit(service, new LinkedHashSet<>()));
    return new ArrayList<>(order.ordered);
  }

  /** What a service depends on, directly or not, in that order. */
  public static List<String> before(ComposeFile compose, ServiceSpec service) {
    ServiceOrder order = new ServiceOrder(compose);
    order.visit(service, new LinkedHashSet<>());
    order.ordered.remove(service.name());
    return new ArrayList<>(order.ordered);
  }

  private void visit(ServiceSpec service, Set<String> above) {
    if (ordered.contains(service.name()) || !above.add(service.name())) {
      return;
    }
    for (String name : service.needs()) {
      ServiceSpec needed = compose.services().get(name);
      if (needed != null && needed.scale() > 0) {
        visit(needed, above);
      }
    }
    ordered.add(service.name());
  }
}
