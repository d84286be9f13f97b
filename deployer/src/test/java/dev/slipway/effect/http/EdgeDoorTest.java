package dev.slipway.effect.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EdgeDoorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Optional<String> NAMED = Optional.of("api.shop.example");
  private static final char[] PASSWORD = "of a test".toCharArray();

  private final EdgeDoor door = new EdgeDoor();
  private final HttpServer plain = HttpServer.create(here(), 0);
  private final HttpsServer secure = HttpsServer.create(here(), 0);
  private final Ports both = new Ports(Map.of(8080, plain, 9443, secure), Map.of(443, 9443));
  private final Ports plainAlone = new Ports(Map.of(8080, plain), Map.of(80, 8080));

  EdgeDoorTest() throws IOException {}

  private static InetSocketAddress here() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys"))));
    plain.start();
    secure.start();
  }

  @AfterEach
  void stop() {
    plain.stop(0);
    secure.stop(0);
  }

  @Test
  void asksByTheNameThatItIsGiven() throws IOException {
    redirects(plain, "/health", headers -> "http://API.shop.example:8080/well?q=1");
    redirects(plain, "/away", headers -> "http://app.shop.example/well");
    answers(plain, "/well", headers -> headers.getFirst("Host"));

    HttpAnswer answer = door.get(plainAlone, "/health", NAMED, PATIENCE);

    assertThat(answer.body()).isEqualTo("api.shop.example");
    assertThat(answer.contentType()).isEqualTo("text/x-test");
    assertThat(door.get(plainAlone, "/away", NAMED, PATIENCE).elsewhere())
        .contains(URI.create("http://app.shop.example/well"));
    assertThat(door.get(plainAlone, "/well", Optional.empty(), PATIENCE).body())
        .isEqualTo("127.0.0.1:" + plain.getAddress().getPort());
  }

  @Test
  void followsARedirectToHttpsToTheEdgesOwnPortByTheNameThatItLeadsTo() throws IOException {
    redirects(plain, "/", headers -> "https://shop.example/health?q=1");
    redirects(secure, "/health", headers -> "https://shop.example/well");
    answers(secure, "/well", headers -> headers.getFirst("Host"));

    assertThat(door.get(both, "/health", NAMED, PATIENCE).body()).isEqualTo("shop.example");
  }

  @Test
  void tellsWhereItFoundWhatItWasLedTo() throws IOException {
    redirects(plain, "/", headers -> "https://shop.example/app/");
    answers(secure, "/app/", headers -> "page");

    assertThat(door.get(both, "/", NAMED, PATIENCE).from()).get().asString().endsWith("/app/");
  }

  @Test
  void takesAsMuchAsItIsMadeFor() throws IOException {
    answers(plain, "/file", headers -> "x".repeat(2 * 1024 * 1024));

    assertThatThrownBy(() -> door.get(plainAlone, "/file", NAMED, PATIENCE))
        .hasMessageContaining("longer than 1024 KiB");
    assertThat(new EdgeDoor(4 * 1024 * 1024).get(plainAlone, "/file", NAMED, PATIENCE).body())
        .hasSize(2 * 1024 * 1024);
  }

  @Test
  void asksByAddressWhereTheRedirectNamesNoOther() throws IOException {
    redirects(plain, "/", headers -> "https://127.0.0.1/health");
    answers(secure, "/health", headers -> headers.getFirst("Host"));

    assertThat(door.get(both, "/health", Optional.empty(), PATIENCE).body())
        .isEqualTo("127.0.0.1:" + secure.getAddress().getPort());
    assertThat(door.get(both, "/health", NAMED, PATIENCE).body()).isEqualTo("api.shop.example");
  }

  @Test
  void asksOverTlsAtOnceWhereNothingElseIsPublished() throws IOException {
    answers(secure, "/health", headers -> headers.getFirst("Host"));

    assertThat(
            door.get(new Ports(Map.of(8443, secure), Map.of()), "/health", NAMED, PATIENCE).body())
        .isEqualTo("api.shop.example");
  }

  @Test
  void standsInForTheProxyInFrontOfAnEdgeThatHasNoPortForHttps() throws IOException {
    redirects(
        plain,
        "/",
        headers ->
            "https".equals(headers.getFirst("X-Forwarded-Proto"))
                ? "https://api.shop.example/well"
                : "https://api.shop.example/health");
    answers(plain, "/well", headers -> headers.getFirst("X-Forwarded-Proto"));

    assertThat(door.get(plainAlone, "/health", NAMED, PATIENCE).body()).isEqualTo("https");
  }

  @Test
  void saysWhereARedirectLeadsThatNobodyHereAnswers() throws IOException {
    redirects(plain, "/", headers -> "https://api.shop.example/health");

    assertThat(door.get(plainAlone, "/health", NAMED, PATIENCE).elsewhere())
        .contains(URI.create("https://api.shop.example/health"));
    assertThatThrownBy(() -> door.get(new Ports(Map.of(), Map.of()), "/health", NAMED, PATIENCE))
        .isInstanceOf(IOException.class)
        .hasMessage("no port is published");
  }

  /** Servers by the edge's port that they stand for, and what visitors reach those as. */
  private record Ports(Map<Integer, ? extends HttpServer> servers, Map<Integer, Integer> visitors)
      implements EdgePorts {

    @Override
    public Set<Integer> all() {
      return Set.copyOf(servers.keySet());
    }

    @Override
    public Optional<Integer> reachedAs(int number) {
      return Optional.ofNullable(visitors.get(number));
    }

    @Override
    public Way open(int port) throws IOException {
      HttpServer server = servers.get(port);
      if (server == null) {
        throw new IOException("nobody listens on " + port);
      }
      return new Way("127.0.0.1", server.getAddress().getPort());
    }
  }

  private static void redirects(HttpServer server, String from, Function<Headers, String> to) {
    server.createContext(
        from,
        exchange -> {
          exchange.getResponseHeaders().add("Location", to.apply(exchange.getRequestHeaders()));
          exchange.sendResponseHeaders(301, -1);
          exchange.close();
        });
  }

  private static void answers(HttpServer server, String path, Function<Headers, String> text) {
    server.createContext(
        path,
        exchange -> {
          byte[] said = text.apply(exchange.getRequestHeaders()).getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/x-test");
          exchange.sendResponseHeaders(200, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
  }

  private static SSLContext selfSigned(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=somebody.else.example",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      keys.load(stream, PASSWORD);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
