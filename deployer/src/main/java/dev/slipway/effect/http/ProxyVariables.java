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

  private final Map<String, Optional<Proxy>> proxies;
  private final List<String> direct;

  private ProxyVariables(Map<String, Optional<Proxy>> proxies, List<String> direct) {
    this.proxies = proxies;
    this.direct = direct;
  }

  /** Has every client of this JVM go by them, if there are any. */
  public static void apply(Map<String, String> environment) {
    in(environment).ifPresent(ProxySelector::setDefault);
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

  private static Optional<Proxy> proxy(Map<String, String> environment, String... names) {
    return first(environment, names)
        .map(text -> URI.create(text.contains("://") ? text : "http://" + text))
        .filter(uri -> uri.getHost() != null)
        .map(
            uri ->
                new Proxy(
                    Proxy.Type.HTTP,
                    new InetSocketAddress(
                        uri.getHost(), uri.getPort() < 0 ? USUAL_PORT : uri.getPort())));
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    return List.of(
        proxies
            .getOrDefault(uri.getScheme(), Optional.empty())
            .filter(proxy -> !isHere(host) && direct.stream().noneMatch(each -> covers(each, host)))
            .orElse(Proxy.NO_PROXY));
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static boolean covers(String direct, String host) {
    return direct.equals("*") || host.equals(direct) || host.endsWith("." + direct);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
