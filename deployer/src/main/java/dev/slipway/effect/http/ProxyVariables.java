package dev.slipway.effect.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name, as curl and
 * docker read them: in small letters too, {@code HTTP_PROXY} in small letters alone, since a
 * request's header of that name could set it. Without a login.
 *
 * @see <a href="https://everything.curl.dev/usingcurl/proxies/env.html">curl</a>
 */
public final class ProxyVariables extends ProxySelector {

  private static final int USUAL_PORT = 1080;
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:[a-z]+://)?(?:.*@)?(?:\\[([0-9a-fA-F:]+)]|([^:/@\\[\\]\\s]+))(?::(\\d{1,5}))?/?");
  private static final Pattern NETWORK = Pattern.compile("([0-9.]+)/([0-9]{1,2})");
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  private final Map<String, Optional<Proxy>> proxies;
  private final List<String> direct;

  private ProxyVariables(Map<String, Optional<Proxy>> proxies, List<String> direct) {
    this.proxies = proxies;
    this.direct = direct;
  }

  /**
   * Has every client of this JVM go by them, if there are any.
   *
   * @return the names of those that are no address of a proxy, and are not used
   */
  public static List<String> apply(Map<String, String> environment) {
    in(environment).ifPresent(ProxySelector::setDefault);
    return Stream.of("http_proxy", "https_proxy", "HTTPS_PROXY")
        .filter(name -> first(environment, name).isPresent())
        .filter(name -> proxy(environment, name).isEmpty())
        .toList();
  }

  static Optional<ProxySelector> in(Map<String, String> environment) {
    Optional<Proxy> http = proxy(environment, "http_proxy");
    Optional<Proxy> https = proxy(environment, "https_proxy", "HTTPS_PROXY");
    return http.isEmpty() && https.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ProxyVariables(
                Map.of("http", http, "https", https),
                first(environment, "no_proxy", "NO_PROXY").stream()
                    .flatMap(hosts -> Arrays.stream(hosts.split("[,\\s]+", -1)))
                    .filter(host -> !host.isEmpty())
                    .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                    .toList()));
  }

  private static Optional<String> first(Map<String, String> environment, String... names) {
    return Stream.of(names)
        .map(name -> environment.getOrDefault(name, "").strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** A login is left out, whatever characters it has. */
  private static Optional<Proxy> proxy(Map<String, String> environment, String... names) {
    return first(environment, names)
        .map(ADDRESS::matcher)
        .filter(Matcher::matches)
        .map(
            address ->
                new Proxy(
                    Proxy.Type.HTTP,
                    new InetSocketAddress(
                        address.group(1) == null ? address.group(2) : address.group(1),
                        address.group(3) == null
                            ? USUAL_PORT
                            : Math.min(Integer.parseInt(address.group(3)), 65_535))));
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    return List.of(
        proxies
            .getOrDefault(uri.getScheme(), Optional.empty())
            .filter(proxy -> !isHere(host))
            .filter(proxy -> direct.stream().noneMatch(each -> covers(each, host, uri.getPort())))
            .orElse(Proxy.NO_PROXY));
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static boolean covers(String direct, String host, int port) {
    Matcher network = NETWORK.matcher(direct);
    if (network.matches()) {
      return isWithin(network.group(1), Integer.parseInt(network.group(2)), host);
    }
    String name = port < 0 ? direct : direct.replaceFirst(":" + port + "$", "");
    return name.equals("*") || host.equals(name) || host.endsWith("." + name);
  }

  private static boolean isWithin(String network, int bits, String host) {
    Optional<Long> base = number(network);
    Optional<Long> address = number(host);
    long mask = bits == 0 ? 0 : -1L << (32 - Math.min(bits, 32));
    return base.isPresent() && address.isPresent() && (base.get() & mask) == (address.get() & mask);
  }

  private static Optional<Long> number(String address) {
    Matcher numbers = NUMBERS.matcher(address);
    if (!numbers.matches()) {
      return Optional.empty();
    }
    long number = 0;
    for (int i = 1; i <= 4; i++) {
      number = (number << 8) + Long.parseLong(numbers.group(i));
    }
    return Optional.of(number);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
