package dev.slipway.effect.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Asks an edge what its visitors get, without asking anybody else: a redirect to HTTPS is followed
 * to the edge's own port for that, whatever name and certificate it has there. One that publishes
 * no such port has a proxy in front of it, which is stood in for.
 */
public final class EdgeDoor {

  private static final Set<Integer> PORTS_OF_HTTPS = Set.of(443, 8443);
  private static final int HTTPS = 443;

  /** Other than a name, an address asks for no certificate (RFC 6066, section 3). */
  private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9_.-]*[A-Za-z0-9]");

  private final int largest;
  private final HttpDoor plain;
  private final Map<Optional<String>, HttpDoor> secure = new ConcurrentHashMap<>();

  /** A door for short answers, such as those of a health endpoint. */
  public EdgeDoor() {
    this(HttpDoor.LARGEST);
  }

  /**
   * A door for whatever a visitor gets.
   *
   * @param largest how many bytes the body of an answer may have
   */
  public EdgeDoor(int largest) {
    this.largest = largest;
    this.plain = HttpDoor.direct(largest);
  }

  /**
   * Gets a page.
   *
   * @param path with its query, if any
   * @param host the name that the edge is asked by; empty: its address
   * @param timeout how long the whole answer may take, at each port that is asked
   * @throws IOException when nothing came back, or not all of it
   */
  public HttpAnswer get(EdgePorts ports, String path, Optional<String> host, Duration timeout)
      throws IOException {
    int lowest =
        ports.all().stream()
            .min(Integer::compare)
            .orElseThrow(() -> new IOException("no port is published"));
    if (PORTS_OF_HTTPS.contains(lowest)) {
      return overTls(ports, lowest, path, host, timeout);
    }
    HttpAnswer answer = get(ports, lowest, path, host, Optional.empty(), timeout);
    Optional<URI> leadsTo = answer.elsewhere().filter(EdgeDoor::isSecure);
    if (leadsTo.isEmpty()) {
      return answer;
    }
    Optional<Integer> port = portOfHttps(ports, leadsTo.get());
    if (port.isPresent()) {
      return overTls(ports, port.get(), path(leadsTo.get()), name(leadsTo.get(), host), timeout);
    }
    HttpAnswer proxied = get(ports, lowest, path, host, Optional.of("https"), timeout);
    return proxied.elsewhere().isPresent() ? answer : proxied;
  }

  private static boolean isSecure(URI uri) {
    return "https".equals(uri.getScheme()) && uri.getHost() != null;
  }

  private static Optional<Integer> portOfHttps(EdgePorts ports, URI uri) {
    return ports
        .reachedAs(uri.getPort() < 0 ? HTTPS : uri.getPort())
        .or(() -> ports.all().stream().filter(PORTS_OF_HTTPS::contains).findFirst());
  }

  private static Optional<String> name(URI uri, Optional<String> asked) {
    return Optional.of(uri.getHost()).filter(host -> NAME.matcher(host).matches()).or(() -> asked);
  }

  private static String path(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private HttpAnswer get(
      EdgePorts ports,
      int port,
      String path,
      Optional<String> host,
      Optional<String> forwarded,
      Duration timeout)
      throws IOException {
    try (EdgePorts.Way way = ports.open(port)) {
      return plain.getHere(uri("http", way, path), host, forwarded, timeout);
    }
  }

  private HttpAnswer overTls(
      EdgePorts ports, int port, String path, Optional<String> host, Duration timeout)
      throws IOException {
    HttpDoor door =
        secure.computeIfAbsent(
            host.filter(text -> NAME.matcher(text).matches()),
            name -> HttpDoor.pastCertificates(name, largest));
    try (EdgePorts.Way way = ports.open(port)) {
      return door.getHere(uri("https", way, path), host, Optional.empty(), timeout);
    }
  }

  private static URI uri(String scheme, EdgePorts.Way way, String path) {
    return URI.create(scheme + "://" + way.host() + ":" + way.port() + path);
  }
}
