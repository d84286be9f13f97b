package dev.slipway.platform.compose;

import java.util.Optional;

/**
 * A port of a container that compose publishes.
 *
 * @param hostAddress the address of the host it is bound to; empty: all
 * @param published the port of the host; empty: a free one, chosen at start
 * @param target the port within the container
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record PortMapping(
    Optional<String> hostAddress, Optional<Integer> published, int target, String protocol) {

  /** Validates. */
  public PortMapping {
    published.ifPresent(PortMapping::validate);
    validate(target);
    if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
      throw new IllegalArgumentException("not a protocol: '%s'".formatted(protocol));
    }
  }

  private static void validate(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** The mapping in the short syntax that publishes it on a free port of the host. */
  public String ephemeral() {
    return protocol.equals("tcp") ? String.valueOf(target) : target + "/" + protocol;
  }
}
