package dev.slipway.deploy.swap;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the kernel's list of TCP connections.
 *
 * @see <a
 *     href="https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html">proc_net_tcp</a>
 */
final class Connections {

  private static final String HEADING = "local_address";
  private static final String LISTENING = "0A";

  /** Established, half open, and those whose last bytes are not acknowledged. */
  private static final Set<String> OPEN = Set.of("01", "03", "04");

  private Connections() {}

  /** Whether this is such a list at all, and not the words of a command that could not read it. */
  static boolean isTable(String text) {
    return text.contains(HEADING);
  }

  /**
   * How many connections others have to the listening ports of a network namespace; those over its
   * loopback, such as its own health check's, are left out.
   *
   * @param table {@code /proc/net/tcp}, {@code /proc/net/tcp6}, or both
   */
  static int open(String table) {
    List<String[]> rows =
        table
            .lines()
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields.length > 3 && fields[1].contains(":"))
            .toList();
    Set<String> listening =
        rows.stream()
            .filter(fields -> fields[3].equals(LISTENING))
            .map(fields -> port(fields[1]))
            .collect(Collectors.toSet());
    return (int)
        rows.stream()
            .filter(fields -> OPEN.contains(fields[3]) && listening.contains(port(fields[1])))
            .filter(fields -> !isLoopback(fields[2]))
            .count();
  }

  private static String port(String address) {
    return address.substring(address.indexOf(':') + 1);
  }

  /** IPv4 in the byte order of little-endian machines, alone or within IPv6; and {@code ::1}. */
  private static boolean isLoopback(String address) {
    String host = address.substring(0, address.indexOf(':'));
    boolean ipv4 = host.length() == 8 || host.startsWith("0000000000000000FFFF0000");
    return ipv4 ? host.endsWith("7F") : host.equals("00000000000000000000000001000000");
  }
}
