package dev.slipway.effect.http.registry;

import dev.slipway.ExitCode;
import dev.slipway.RootCause;
import dev.slipway.SlipwayException;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.effect.http.TimedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads manifests and blobs of a registry.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">the OCI
 *     distribution specification</a>
 */
public final class RegistryClient {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final int MOST_REDIRECTS = 5;

  /** Registries take manifests of 4 MiB at most. */
  private static final int LARGEST = 16 * 1024 * 1024;

  private static final String MANIFESTS =
      "application/vnd.oci.image.manifest.v1+json,"
          + "application/vnd.docker.distribution.manifest.v2+json,"
          + "application/vnd.oci.image.index.v1+json,"
          + "application/vnd.docker.distribution.manifest.list.v2+json";

  private final URI base;
  private final Optional<RegistryLogin> login;
  private final Duration patience;
  private final Map<String, String> authorizations = new ConcurrentHashMap<>();
  private final HttpClient client =
      HttpDoor.builder()
          .connectTimeout(CONNECT_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** A client of the registry at an address such as {@code https://registry.example}. */
  public RegistryClient(URI base, Optional<RegistryLogin> login) {
    this(base, login, PATIENCE);
  }

  /** The same; an answer, and each piece of a layer, has to come within {@code patience}. */
  RegistryClient(URI base, Optional<RegistryLogin> login, Duration patience) {
    this.base = base;
    this.login = login;
    this.patience = patience;
  }

  /**
   * A client of the registry that images name.
   *
   * @param registry host and port, empty for Docker Hub
   * @param loopback where this machine's engine finds what it calls localhost
   */
  public static RegistryClient of(String registry, String loopback, Optional<RegistryLogin> login) {
    boolean here = registry.matches("(localhost|127\\.[0-9.]+)(:\\d+)?");
    String host =
        registry.isEmpty() || registry.equals("docker.io") ? "registry-1.docker.io" : registry;
    return new RegistryClient(
        URI.create(
            here ? "http://" + registry.replaceFirst("^[^:]+", loopback) : "https://" + host),
        login);
  }

  /** Whether anything answers; why not, otherwise. */
  public Optional<String> silence() {
    try {
      send(base.resolve("/v2/"), Optional.empty(), Optional.empty()).body().close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(this + " does not answer here: " + RootCause.said(e));
    }
  }

  /**
   * The digest of what a tag names; empty when there is no such tag.
   *
   * @throws IOException when the registry does not answer, or does not let this client read
   */
  public Optional<String> digest(String repository, String tag) throws IOException {
    HttpResponse<TimedBody> response = manifest(repository, tag);
    byte[] manifest = whole(response);
    return switch (response.statusCode()) {
      case 200 -> Optional.of(RegistryImage.digest(manifest));
      case 404 -> Optional.empty();
      default -> throw new IOException("HTTP status " + response.statusCode());
    };
  }

  /** A manifest by its digest or tag. */
  HttpResponse<TimedBody> manifest(String repository, String reference) throws IOException {
    return ask(repository, "manifests/" + reference, Optional.empty());
  }

  /** A blob by its digest, or a part of it in the words of a Range header. */
  HttpResponse<TimedBody> blob(String repository, String digest, Optional<String> range)
      throws IOException {
    return ask(repository, "blobs/" + digest, range);
  }

  private HttpResponse<TimedBody> ask(String repository, String what, Optional<String> range)
      throws IOException {
    URI address = base.resolve("/v2/" + repository + "/" + what);
    Optional<String> known = Optional.ofNullable(authorizations.get(repository));
    HttpResponse<TimedBody> response = send(address, known, range);
    if (response.statusCode() == 401) {
      response.body().close();
      // A token lives for minutes, a pull may take longer: each refusal asks for another.
      Optional<String> fresh = authorization(response, repository);
      fresh.ifPresent(value -> authorizations.put(repository, value));
      response = send(address, fresh, range);
    }
    for (int i = 0; i < MOST_REDIRECTS && response.statusCode() / 100 == 3; i++) {
      String location = response.headers().firstValue("Location").orElse("");
      response.body().close();
      // Not with the authorization: it is the registry's, and a signed address refuses a second.
      response = send(response.uri().resolve(location), Optional.empty(), range);
    }
    return response;
  }

  private Optional<String> authorization(HttpResponse<TimedBody> refusal, String repository)
      throws IOException {
    Challenge challenge =
        Challenge.parse(refusal.headers().firstValue("WWW-Authenticate").orElse(""));
    Optional<String> basic = login.map(Challenge::basic);
    if (challenge.realm().isEmpty()) {
      return basic;
    }
    URI address = challenge.tokenAddress("repository:" + repository + ":pull");
    return Challenge.token(whole(send(address, basic, Optional.empty())));
  }

  private HttpResponse<TimedBody> send(
      URI address, Optional<String> authorization, Optional<String> range) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(patience)
            .header("Accept", MANIFESTS + ",application/json,*/*;q=0.1")
            .GET();
    authorization.ifPresent(value -> request.header("Authorization", value));
    range.ifPresent(value -> request.header("Range", value));
    try {
      return client.send(request.build(), TimedBody.handler(patience));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The whole body of an answer that is no layer. */
  byte[] whole(HttpResponse<TimedBody> response) throws IOException {
    try (TimedBody body = response.body()) {
      return body.whole(patience, LARGEST);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private SlipwayException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new SlipwayException(
        ExitCode.REFUSED, "Interrupted while asking " + this + ".", "Run it again.", cause);
  }

  @Override
  public String toString() {
    return base.getAuthority();
  }
}
