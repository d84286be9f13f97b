package dev.slipway.platform.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads ports; a range becomes one mapping for each port.
 *
 * @see <a
 *     href="https://github.com/compose-spec/compose-spec/blob/main/05-services.md#ports">Compose
 *     specification, ports</a>
 */
final class PortSyntax {

  private static final Pattern SHORT =
      Pattern.compile(
          "(?:(?:(?<address>[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:]+]|):)?(?<host>[0-9-]*):)?(?<target>[0-9-]+)"
              + "(?:/(?<protocol>[a-zA-Z]+))?");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  private PortSyntax() {}

  /**
   * Reads the short syntax, {@code [[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]}.
   *
   * @throws IllegalArgumentException when {@code text} is not of that form
   */
  static List<PortMapping> parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a port mapping");
    }
    return mappings(
        Optional.ofNullable(matcher.group("address")).filter(address -> !address.isEmpty()),
        Optional.ofNullable(matcher.group("host")).orElse(""),
        matcher.group("target"),
        Optional.ofNullable(matcher.group("protocol")).orElse("tcp"));
  }

  /**
   * The mappings between two ports or ranges.
   *
   * @throws IllegalArgumentException when one is no port, or the ranges differ in length
   */
  static List<PortMapping> mappings(
      Optional<String> address, String host, String target, String protocol) {
    List<Integer> targets = range(target);
    List<Integer> hosts = host.isEmpty() || host.equals("0") ? List.of() : range(host);
    if (!hosts.isEmpty() && targets.size() > 1 && hosts.size() != targets.size()) {
      throw new IllegalArgumentException("the two ranges differ in length");
    }
    List<PortMapping> mappings = new ArrayList<>();
    for (int index = 0; index < targets.size(); index++) {
      Optional<Integer> published =
          hosts.isEmpty() ? Optional.empty() : Optional.of(hosts.get(index));
      mappings.add(
          new PortMapping(
              address, published, targets.get(index), protocol.toLowerCase(Locale.ROOT)));
    }
    return mappings;
  }

  private static List<Integer> range(String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a port or a range: '%s'".formatted(text));
    }
    int first = Integer.parseInt(matcher.group(1));
    int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
    if (last < first || last > 65_535) {
      throw new IllegalArgumentException("not a range of ports: '%s'".formatted(text));
    }
    List<Integer> ports = new ArrayList<>();
    for (int port = first; port <= last; port++) {
      ports.add(port);
    }
    return ports;
  }
}
