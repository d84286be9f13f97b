package dev.slipway.effect.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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

  private static List<Thread> waiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("SelectorManager"))
        .toList();
  }
}
