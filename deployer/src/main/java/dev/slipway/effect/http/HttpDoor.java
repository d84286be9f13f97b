package dev.slipway.effect.http;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Gets and posts, following redirects on the same terms as a browser. */
public final class HttpDoor {

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * Ends the thread that each client of Java's has, when no more is to be sent: it waits in native
   * code, and the end of Java waits 0.3 s for such threads. From Java 21 on a client can be closed.
   */
  public static void endThreads() {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
        .forEach(Thread::interrupt);
  }

  /**
   * Gets a page.
   *
   * @param timeout how long the whole answer may take
   * @throws IOException when nothing came back
   */
  public HttpAnswer get(URI uri, Duration timeout) throws IOException {
    return send(
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Accept", "application/json")
            .GET()
            .build(),
        "Interrupted while waiting for " + uri + ".");
  }

  /**
   * Posts JSON to an address that may itself be a secret.
   *
   * @param timeout how long the whole answer may take
   * @throws IOException when nothing came back
   */
  public HttpAnswer post(URI uri, String json, Duration timeout) throws IOException {
    return send(
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        "Interrupted while posting.");
  }

  private HttpAnswer send(HttpRequest request, String interrupted) throws IOException {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new HttpAnswer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ExitCode.UNKNOWN_STATE, interrupted, "Run it again.", e);
    }
  }
}
