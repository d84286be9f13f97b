package dev.slipway.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the edge that runs now finds the services behind it, which decides what a swap costs.
 *
 * @param literals places that name a service so that nginx looks it up once, when it loads them
 * @param memory for how long nginx may go on using an address that it looked up later
 * @param refuses whether connections from the edge to single containers can be refused
 * @param ipv6 whether it may reach them by IPv6 as well, where nothing is refused
 * @param unread why its configuration could not be read; empty when it was
 * @param singleTries places because of which it does not go on when a container refuses
 */
public record EdgeState(
    List<LiteralUpstream> literals,
    Duration memory,
    boolean refuses,
    boolean ipv6,
    Optional<String> unread,
    List<SingleTry> singleTries) {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Copies. */
  public EdgeState {
    literals = List.copyOf(literals);
    singleTries = List.copyOf(singleTries);
  }

  /** One that goes on to the next address when a container refuses, as far as is known. */
  public EdgeState(
      List<LiteralUpstream> literals,
      Duration memory,
      boolean refuses,
      boolean ipv6,
      Optional<String> unread) {
    this(literals, memory, refuses, ipv6, unread, List.of());
  }

  /**
   * A name that is looked up only when the configuration is loaded.
   *
   * @param service the service that it names
   * @param place file and line, such as {@code /etc/nginx/nginx.conf:41}
   * @param text the directive
   */
  public record LiteralUpstream(String service, String place, String text) {}

  /**
   * A directive because of which a request is lost that a container of a service refuses.
   *
   * @param service the service
   * @param place file and line
   * @param text the directive
   */
  public record SingleTry(String service, String place, String text) {}

  /** Why a request is lost that a container of this service refuses, if it is. */
  Optional<SingleTry> singleTry(String service) {
    return singleTries.stream().filter(each -> each.service().equals(service)).findFirst();
  }

  /** Whether it can be kept from a container altogether. */
  boolean keepsApart() {
    return refuses && !ipv6;
  }

  /** Whether nginx must load its configuration again to find new containers of these in time. */
  public boolean needsReload(Set<String> services) {
    return looksUpOnce(services) || remembersForLong();
  }

  /** Whether nginx knows the addresses of these from its start on, and so none that came later. */
  public boolean looksUpOnce(Set<String> services) {
    return literals.stream().anyMatch(literal -> services.contains(literal.service()));
  }

  /** Whether it would be waited for too long until it looks up a name again. */
  boolean remembersForLong() {
    return memory.compareTo(LONG) > 0;
  }
}
