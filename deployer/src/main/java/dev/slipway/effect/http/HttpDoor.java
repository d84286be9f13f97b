package dev.slipway.effect.http;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Gets a page, following redirects on the same terms as a browser. */
public final class HttpDoor {

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * Gets a page.
   *
   * @param timeout how long the whole answer may take
   * @throws IOException when nothing came back
   */
  public HttpAnswer get(URI uri, Duration timeout) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Accept", "application/json")
            .GET()
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new HttpAnswer(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE, "Interrupted while waiting for " + uri + ".", "Run it again.", e);
    }
  }
}
