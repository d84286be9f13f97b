package dev.slipway.deploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.Json;
import dev.slipway.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message to a real port of this machine. */
class NotificationTest {

  private final List<String> received = new ArrayList<>();
  private final SampleDeployment sample = new SampleDeployment();
  private HttpServer chat;
  private int status = 200;

  @BeforeEach
  void openAChat() throws IOException {
    chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chat.createContext(
        "/hooks/t0k3n",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    chat.start();
  }

  @AfterEach
  void close() {
    chat.stop(0);
  }

  private Optional<String> send() {
    return Notification.send(
        Secret.of("http://127.0.0.1:" + chat.getAddress().getPort() + "/hooks/t0k3n"),
        sample.outcome());
  }

  @Test
  void isReceivedAsJsonWithAText() {
    assertThat(send()).isEmpty();

    assertThat(received).hasSize(1);
    assertThat(Json.tree(received.get(0)).path("text").asText()).contains("was rolled back");
  }

  @Test
  void saysWhatTheWebhookAnsweredWithoutItsAddress() {
    status = 404;
    assertThat(send()).contains("the webhook answered with 404");

    chat.stop(0);
    assertThat(send()).hasValueSatisfying(why -> assertThat(why).doesNotContain("t0k3n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://chat.example/t0k3n", "chat.example/t0k3n", "http://a b/t0k3n", " "})
  void refusesWhatIsNoWebAddressWithoutQuotingIt(String address) {
    assertThat(Notification.send(Secret.of(address), sample.outcome()))
        .contains("SLIPWAY_WEBHOOK_URL is no http or https address");
  }
}
