package dev.slipway.effect.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyVariablesTest {

  private static List<Proxy> proxies(Map<String, String> environment, String address) {
    return ProxyVariables.in(environment).orElseThrow().select(URI.create(address));
  }

  private static Proxy through(String host, int port) {
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port));
  }

  @Test
  void areThoseOfTheSchemeThatIsAsked() {
    Map<String, String> both =
        Map.of("HTTPS_PROXY", "http://127.0.0.2:3128", "http_proxy", "127.0.0.3:80/");

    assertThat(proxies(both, "https://shop.example/health"))
        .containsExactly(through("127.0.0.2", 3128));
    assertThat(proxies(both, "http://shop.example/health"))
        .containsExactly(through("127.0.0.3", 80));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.shop.example/, true",
    "https://SHOP.example/, true",
    "https://workshop.example/, false",
    "https://docker:5000/, true",
    "https://registry.corp:5000/v2/, true",
    "https://registry.corp/v2/, false",
    "https://10.1.2.3/, true",
    "https://11.1.2.3/, false",
    "https://localhost:5000/, true",
    "https://127.0.0.1:5000/, true"
  })
  void areNotAskedForTheHostsOfNoProxyNorForThisMachine(String address, boolean direct) {
    Map<String, String> environment =
        Map.of(
            "https_proxy",
            "http://127.0.0.2:3128",
            "NO_PROXY",
            ".shop.example, docker,registry.corp:5000 10.0.0.0/8");

    assertThat(proxies(environment, address))
        .containsExactly(direct ? Proxy.NO_PROXY : through("127.0.0.2", 3128));
  }

  @Test
  void areUsedWithoutTheLoginThatIsWrittenWithThem() {
    Map<String, String> odd = Map.of("HTTPS_PROXY", "http://deploy:p^ss|w%@rd@127.0.0.2:3128");

    assertThat(proxies(odd, "https://x.example")).containsExactly(through("127.0.0.2", 3128));
    assertThat(ProxyVariables.apply(Map.of("HTTPS_PROXY", "no address")))
        .containsExactly("HTTPS_PROXY");
  }

  @Test
  void areNoneWhereNoneIsNamed() {
    assertThat(ProxyVariables.in(Map.of("HTTP_PROXY", "http://from.a.header", "https_proxy", "")))
        .isEmpty();
    assertThat(
            proxies(
                Map.of("https_proxy", "http://127.0.0.2", "no_proxy", "*"), "https://x.example"))
        .containsExactly(Proxy.NO_PROXY);
  }
}
