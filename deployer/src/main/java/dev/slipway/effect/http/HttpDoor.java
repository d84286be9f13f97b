package dev.slipway.effect.http;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Gets and posts, following redirects on the same terms as a browser. */
public final class HttpDoor {

  private static final int MOST_REDIRECTS = 5;

  static {
    // Java's client sends no other Host than the address's, unless it is told before its first use.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private final HttpClient client = client(HttpClient.Redirect.NORMAL);
  private final HttpClient here = client(HttpClient.Redirect.NEVER);

  private static HttpClient client(HttpClient.Redirect redirects) {
    return builder().connectTimeout(Duration.ofSeconds(5)).followRedirects(redirects).build();
  }

  /** What every client of this JVM begins with. */
  public static HttpClient.Builder builder() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
  }

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
    return answer(get(client, uri, Optional.empty(), timeout));
  }

  /**
   * The same of one host and port alone, such as the end of a tunnel: a redirect that leads away
   * from there is not followed.
   */
  public HttpAnswer getHere(URI uri, Duration timeout) throws IOException {
    return getHere(uri, Optional.empty(), timeout);
  }

  /**
   * The same of a server that has several names.
   *
   * @param host the name that it is asked by; a redirect to that name in plain HTTP leads here, too
   */
  public HttpAnswer getHere(URI uri, Optional<String> host, Duration timeout) throws IOException {
    URI asked = uri;
    for (int redirects = 0; ; redirects++) {
      HttpResponse<String> response = get(here, asked, host, timeout);
      Optional<URI> next =
          response
              .headers()
              .firstValue("Location")
              .map(asked::resolve)
              .map(found -> isNamed(found, host) ? uri.resolve(path(found)) : found);
      if (response.statusCode() / 100 != 3 || next.isEmpty()) {
        return answer(response);
      }
      if (redirects == MOST_REDIRECTS || !isAt(uri, next.get())) {
        return new HttpAnswer(response.statusCode(), response.body(), next);
      }
      asked = next.get();
    }
  }

  private static boolean isNamed(URI found, Optional<String> host) {
    return "http".equals(found.getScheme())
        && host.filter(name -> name.equalsIgnoreCase(found.getHost())).isPresent();
  }

  private static String path(URI found) {
    String path = found.getRawPath().isEmpty() ? "/" : found.getRawPath();
    return found.getRawQuery() == null ? path : path + "?" + found.getRawQuery();
  }

  private static boolean isAt(URI place, URI other) {
    return Objects.equals(place.getScheme(), other.getScheme())
        && Objects.equals(place.getAuthority(), other.getAuthority());
  }

  private static HttpAnswer answer(HttpResponse<String> response) {
    return new HttpAnswer(response.statusCode(), response.body());
  }

  private static HttpResponse<String> get(
      HttpClient client, URI uri, Optional<String> host, Duration timeout) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout).header("Accept", "application/json").GET();
    host.ifPresent(name -> request.header("Host", name));
    return send(client, request.build(), "Interrupted while waiting for " + uri + ".");
  }

  /**
   * Posts JSON to an address that may itself be a secret.
   *
   * @param timeout how long the whole answer may take
   * @throws IOException when nothing came back
   */
  public HttpAnswer post(URI uri, String json, Duration timeout) throws IOException {
    return answer(
        send(
            client,
            HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            "Interrupted while posting."));
  }

  private static HttpResponse<String> send(
      HttpClient client, HttpRequest request, String interrupted) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ExitCode.UNKNOWN_STATE, interrupted, "Run it again.", e);
    }
  }
}
