package dev.slipway.effect.http;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gets and posts, following redirects on the same terms as a browser. */
public final class HttpDoor {

  private static final int MOST_REDIRECTS = 5;

  /** The most of an answer that is read, in bytes, where nobody says otherwise. */
  static final int LARGEST = 1024 * 1024;

  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  static {
    // Java's client sends no other Host than the address's, unless it is told before its first use.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
  }

  private final HttpClient client;
  private final int largest;

  /** A door that certificates keep shut, as they do for a browser. */
  public HttpDoor() {
    this(builder(), LARGEST);
  }

  private HttpDoor(HttpClient.Builder builder, int largest) {
    this.largest = largest;
    this.client =
        builder
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * A door to a place that no proxy leads to, such as an edge on this machine's own engine.
   *
   * @param largest how many bytes the body of an answer may have
   */
  static HttpDoor direct(int largest) {
    return new HttpDoor(builder().proxy(HttpClient.Builder.NO_PROXY), largest);
  }

  /**
   * The same past certificates, for a place that the caller knows to be the right one.
   *
   * @param name which certificate to ask for (SNI); empty: the server's default one
   */
  static HttpDoor pastCertificates(Optional<String> name, int largest) {
    return new HttpDoor(
        AnyCertificate.accepted(builder().proxy(HttpClient.Builder.NO_PROXY), name), largest);
  }

  /** What every client of this JVM begins with. */
  public static HttpClient.Builder builder() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
  }

  /**
   * What is asked: a page or, with JSON, what is posted; as whom, and a server of which name, where
   * that is told; and how the proxy in front of that server was asked, if one is stood in for.
   */
  private record Question(
      URI uri,
      Optional<String> json,
      Optional<String> login,
      Optional<String> host,
      Optional<String> forwarded) {

    static Question of(
        URI uri, Optional<String> json, Optional<String> host, Optional<String> forwarded) {
      return new Question(
          uri, json, Optional.ofNullable(uri.getUserInfo()).map(Question::basic), host, forwarded);
    }

    private static String basic(String userInformation) {
      String pair = userInformation.contains(":") ? userInformation : userInformation + ":";
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest within(Duration time) {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(time);
      json.ifPresentOrElse(
          text ->
              request
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(text)),
          () -> request.header("Accept", "application/json").GET());
      login.ifPresent(value -> request.header("Authorization", value));
      host.ifPresent(name -> request.header("Host", name));
      forwarded.ifPresent(scheme -> request.header("X-Forwarded-Proto", scheme));
      return request.build();
    }

    /** As browsers do, which post again only where they are told to; with the login there alone. */
    Question at(URI next, int status) {
      return new Question(
          next,
          json.filter(text -> status == 307 || status == 308),
          login.filter(value -> isAt(uri, next)),
          host,
          forwarded);
    }

    /** A redirect to the server's own name, asked as it was, leads to where it was asked. */
    URI elsewhere(URI found) {
      boolean named =
          forwarded.orElse(uri.getScheme()).equals(found.getScheme())
              && host.filter(name -> name.equalsIgnoreCase(found.getHost())).isPresent();
      return named ? uri.resolve(path(found)) : found;
    }

    private static String path(URI found) {
      String path = found.getRawPath().isEmpty() ? "/" : found.getRawPath();
      return found.getRawQuery() == null ? path : path + "?" + found.getRawQuery();
    }
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
   * Gets a page; as whom the address says, if it has a login.
   *
   * @param timeout how long the whole answer may take, redirects and all
   * @throws IOException when nothing came back, or not all of it
   */
  public HttpAnswer get(URI uri, Duration timeout) throws IOException {
    HttpAnswer answer =
        follow(
            Question.of(uri, Optional.empty(), Optional.empty(), Optional.empty()),
            timeout,
            HttpDoor::isAsSafe,
            "Interrupted while waiting for " + uri);
    return new HttpAnswer(
        answer.status(), answer.contentType(), answer.body(), Optional.empty(), answer.from());
  }

  /**
   * The same of one host and port alone, such as the end of a tunnel: a redirect that leads away
   * from there is not followed.
   */
  public HttpAnswer getHere(URI uri, Duration timeout) throws IOException {
    return getHere(uri, Optional.empty(), Optional.empty(), timeout);
  }

  /**
   * The same of a server that has several names.
   *
   * @param host the name that it is asked by; a redirect to that name leads here, too
   * @param forwarded how the proxy was asked for which this stands in, such as {@code https}
   */
  HttpAnswer getHere(URI uri, Optional<String> host, Optional<String> forwarded, Duration timeout)
      throws IOException {
    return follow(
        Question.of(uri, Optional.empty(), host, forwarded),
        timeout,
        HttpDoor::isAt,
        "Interrupted while waiting for " + uri);
  }

  /**
   * Posts JSON to an address that may itself be a secret.
   *
   * @param timeout how long the whole answer may take, redirects and all
   * @throws IOException when nothing came back, or not all of it
   */
  public HttpAnswer post(URI uri, String json, Duration timeout) throws IOException {
    return follow(
        Question.of(uri, Optional.of(json), Optional.empty(), Optional.empty()),
        timeout,
        HttpDoor::isAsSafe,
        "Interrupted while posting");
  }

  private HttpAnswer follow(
      Question first, Duration timeout, BiPredicate<URI, URI> follows, String interrupted)
      throws IOException {
    long end = System.nanoTime() + timeout.toNanos();
    Question question = first;
    try {
      for (int redirects = 0; ; redirects++) {
        HttpAnswer answer = ask(question, end);
        URI asked = question.uri();
        if (redirects == MOST_REDIRECTS
            || answer.elsewhere().filter(next -> follows.test(asked, next)).isEmpty()) {
          return answer;
        }
        question = question.at(answer.elsewhere().get(), answer.status());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ExitCode.UNKNOWN_STATE, interrupted + ".", "Run it again.", e);
    }
  }

  private static boolean isAt(URI place, URI other) {
    return Objects.equals(place.getScheme(), other.getScheme())
        && Objects.equals(place.getHost(), other.getHost())
        && place.getPort() == other.getPort();
  }

  private static boolean isAsSafe(URI place, URI other) {
    return other.getHost() != null
        && ("https".equals(other.getScheme())
            || ("http".equals(other.getScheme()) && "http".equals(place.getScheme())));
  }

  private HttpAnswer ask(Question question, long end) throws IOException, InterruptedException {
    HttpResponse<TimedBody> response =
        client.send(question.within(left(end)), TimedBody.handler(left(end)));
    try (TimedBody body = response.body()) {
      return new HttpAnswer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          new String(body.whole(left(end), largest), charset(response)),
          elsewhere(question, response),
          Optional.of(question.uri()));
    }
  }

  private static Duration left(long end) throws HttpTimeoutException {
    long nanos = end - System.nanoTime();
    if (nanos <= 0) {
      throw new HttpTimeoutException("request timed out");
    }
    return Duration.ofNanos(nanos);
  }

  private static Charset charset(HttpResponse<?> response) {
    Matcher named = CHARSET.matcher(response.headers().firstValue("Content-Type").orElse(""));
    try {
      return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalArgumentException unknown) {
      return StandardCharsets.UTF_8;
    }
  }

  private static Optional<URI> elsewhere(Question question, HttpResponse<?> response)
      throws IOException {
    if (response.statusCode() / 100 != 3) {
      return Optional.empty();
    }
    try {
      return response
          .headers()
          .firstValue("Location")
          .map(question.uri()::resolve)
          .map(question::elsewhere);
    } catch (IllegalArgumentException unreadable) {
      throw new IOException("a redirect to what is no address", unreadable);
    }
  }
}
