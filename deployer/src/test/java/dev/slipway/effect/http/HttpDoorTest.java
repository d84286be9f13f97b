package dev.slipway.effect.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.health.HealthAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
                  + " itself there, in plain HTTP");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void asksAServerByTheNameThatItIsGiven() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    redirect(server, "/health", "http://API.shop.example:8080/well?q=1");
    redirect(server, "/away", "http://app.shop.example/well");
    server.createContext(
        "/well",
        exchange -> {
          byte[] said = exchange.getRequestHeaders().getFirst("Host").getBytes(UTF_8);
          exchange.sendResponseHeaders(200, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
    try {
      URI place = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      Optional<String> name = Optional.of("api.shop.example");
      Duration patience = Duration.ofSeconds(20);
      HttpDoor door = new HttpDoor();
      assertThat(door.getHere(place.resolve("/health"), name, patience))
          .isEqualTo(new HttpAnswer(200, "api.shop.example"));
      assertThat(door.getHere(place.resolve("/away"), name, patience).elsewhere())
          .contains(URI.create("http://app.shop.example/well"));
      assertThat(door.getHere(place.resolve("/well"), patience).body())
          .isEqualTo(place.getAuthority());
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
