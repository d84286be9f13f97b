package dev.slipway.effect.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.StallingPeer;
import dev.slipway.health.HealthAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HttpDoorTest {

  @Test
  void leavesNoThreadForWhichTheEndOfJavaWouldWait() throws IOException, InterruptedException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    try {
      URI nowhere = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      assertThat(new HttpDoor().get(nowhere, Duration.ofSeconds(20)).status()).isEqualTo(404);
    } finally {
      server.stop(0);
    }
    List<Thread> waiting = waiting();
    assertThat(waiting).as("the threads of Java's client, or its name for them").isNotEmpty();

    HttpDoor.endThreads();

    for (Thread thread : waiting) {
      thread.join(20_000);
    }
    assertThat(waiting).noneMatch(Thread::isAlive);
  }

  @Test
  void followsNoRedirectThatLeadsAwayFromATunnel() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String place = "http://127.0.0.1:" + server.getAddress().getPort();
    redirect(server, "/away", "https://shop.example/away");
    redirect(server, "/health", place + "/well/");
    redirect(server, "/circle", "/circle");
    server.createContext(
        "/well/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      HttpDoor door = new HttpDoor();
      Duration patience = Duration.ofSeconds(20);
      assertThat(door.getHere(URI.create(place + "/health"), patience).status()).isEqualTo(200);
      assertThat(door.getHere(URI.create(place + "/circle"), patience).status()).isEqualTo(301);
      HttpAnswer away = door.getHere(URI.create(place + "/away"), patience);
      assertThat(away.elsewhere()).contains(URI.create("https://shop.example/away"));
      assertThat(new HealthAnswer(away, "version").objection(Optional.empty()))
          .contains(
              "status 301, a redirect to https://shop.example/away; let the health path answer by"
                  + " itself there");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void logsInAsTheAddressSaysAndNowhereElse() throws IOException {
    HttpServer elsewhere = telling();
    HttpServer server = telling();
    String place = "127.0.0.1:" + server.getAddress().getPort();
    redirect(server, "/here", "http://" + place + "/tell");
    redirect(server, "/away", "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/tell");
    try {
      HttpDoor door = new HttpDoor();
      Duration patience = Duration.ofSeconds(20);
      URI address = URI.create("http://ann:s%40d@" + place + "/here");
      assertThat(door.get(address, patience).body()).isEqualTo("Basic YW5uOnNAZA==");
      assertThat(door.get(address.resolve("/away"), patience).body()).isEqualTo("null");
      assertThat(door.post(URI.create("http://t@" + place + "/tell"), "{}", patience).body())
          .isEqualTo("Basic dDo=");
      assertThat(door.get(URI.create("http://" + place + "/tell"), patience).body())
          .isEqualTo("null");
    } finally {
      server.stop(0);
      elsewhere.stop(0);
    }
  }

  /** Tells who asks. */
  private static HttpServer telling() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/tell",
        exchange -> {
          byte[] said =
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
    return server;
  }

  private interface Asking {
    HttpAnswer ask(HttpDoor door, URI uri) throws IOException;
  }

  private static List<Named<Asking>> asking() {
    Duration patience = Duration.ofMillis(300);
    return List.of(
        Named.of("get", (door, uri) -> door.get(uri, patience)),
        Named.of("getHere", (door, uri) -> door.getHere(uri, patience)),
        Named.of("post", (door, uri) -> door.post(uri, "{}", patience)));
  }

  @ParameterizedTest
  @MethodSource("asking")
  @Timeout(20)
  void endsAnAnswerThatStopsInTheMiddle(Asking asking) throws Exception {
    try (StallingPeer peer = StallingPeer.after("HTTP/1.1 200 OK", 100, "{\"a\":")) {
      assertThatThrownBy(() -> asking.ask(new HttpDoor(), peer.address("/health")))
          .isInstanceOf(HttpTimeoutException.class);
      peer.awaitHangUp();
    }
  }

  @ParameterizedTest
  @MethodSource("asking")
  @Timeout(20)
  void endsARedirectThatStopsInTheMiddle(Asking asking) throws Exception {
    try (StallingPeer peer =
        StallingPeer.after("HTTP/1.1 307 Moved\r\nLocation: /elsewhere", 100, "moved")) {
      assertThatThrownBy(() -> asking.ask(new HttpDoor(), peer.address("/health")))
          .isInstanceOf(HttpTimeoutException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("asking")
  @Timeout(20)
  void takesNoAnswerWithoutEnd(Asking asking) throws Exception {
    try (StallingPeer peer =
        StallingPeer.after("HTTP/1.1 200 OK", Integer.MAX_VALUE, "x".repeat(1024 * 1024 + 1))) {
      assertThatThrownBy(() -> asking.ask(new HttpDoor(), peer.address("/health")))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void postsAgainWhereARedirectSaysSoAndReadsTheLettersThatAnAnswerIsWrittenIn()
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/there");
          exchange.sendResponseHeaders(308, -1);
          exchange.close();
        });
    server.createContext(
        "/there",
        exchange -> {
          byte[] said =
              (exchange.getRequestMethod()
                      + new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                      + "\u00e9")
                  .getBytes(ISO_8859_1);
          exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=ISO-8859-1");
          exchange.sendResponseHeaders(200, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
    try {
      URI hook = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
      assertThat(new HttpDoor().post(hook, "{1}", Duration.ofSeconds(20)).body())
          .isEqualTo("POST{1}\u00e9");
    } finally {
      server.stop(0);
    }
  }

  private static void redirect(HttpServer server, String from, String to) {
    server.createContext(
        from,
        exchange -> {
          exchange.getResponseHeaders().add("Location", to);
          exchange.sendResponseHeaders(301, -1);
          exchange.close();
        });
  }

  private static List<Thread> waiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("SelectorManager"))
        .toList();
  }
}
