package dev.slipway.effect.http.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.DaemonThreads;
import dev.slipway.effect.http.TimedBody;
import dev.slipway.effect.http.registry.RegistryImage.Document;
import dev.slipway.image.ImageLayer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One image of a registry, offered for pulling on a port of this machine's loopback, and nothing
 * else of that registry. Who asks needs no login, but the digest, which only the release names.
 */
public final class OfferedImage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OfferedImage.class);
  private static final int CHUNK = 64 * 1024;
  private static final int BACKLOG = 16;
  private static final Pattern ASKED =
      Pattern.compile(
          "/v2/(?<repository>.+)/(?<kind>manifests|blobs)/(?<digest>sha256:[0-9a-f]{64})");

  private final RegistryClient client;
  private final String repository;
  private final Map<String, Document> documents = new HashMap<>();
  private final Set<String> layers = new HashSet<>();
  private final List<String> parts;
  private final AtomicLong bytes = new AtomicLong();
  private final HttpServer server;
  private final PlainDoor door;
  private final ExecutorService threads;

  /**
   * Offers an image.
   *
   * @param there what the layers on the server unpack to
   * @param large from how many bytes on a missing layer is offered as a part of its own
   */
  public OfferedImage(
      RegistryClient client,
      String repository,
      RegistryImage image,
      Set<String> there,
      long large) {
    this.client = client;
    this.repository = repository;
    List<ImagePart> inParts = ImagePart.of(image, there, large);
    this.parts = inParts.stream().map(ImagePart::digest).toList();
    documents.putAll(image.documents());
    inParts.forEach(part -> documents.putAll(part.documents()));
    image.layers().stream().map(ImageLayer::digest).forEach(layers::add);
    threads = Executors.newCachedThreadPool(DaemonThreads.named("offered-image"));
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      server.setExecutor(threads);
      server.createContext("/v2/", this::answer);
      server.start();
      door = new PlainDoor(server.getAddress().getPort(), threads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port on this machine's loopback address. */
  public int port() {
    return door.port();
  }

  /** The digests of the parts to pull before the image, the lowest layers first. */
  public List<String> parts() {
    return parts;
  }

  /** How many bytes were sent so far; counted before whoever asked can have them. */
  public long bytes() {
    return bytes.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Matcher asked = ASKED.matcher(exchange.getRequestURI().getPath());
      if (exchange.getRequestURI().getPath().equals("/v2/")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (asked.matches() && documents.containsKey(asked.group("digest"))) {
        send(exchange, asked.group("digest"), documents.get(asked.group("digest")));
      } else if (asked.matches() && layers.contains(asked.group("digest"))) {
        relay(exchange, asked.group("digest"));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    } catch (IOException cut) {
      LOG.debug("{} was cut short", exchange.getRequestURI(), cut);
      throw cut;
    }
  }

  private void send(HttpExchange exchange, String digest, Document document) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", document.type());
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(document.bytes().length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(200, document.bytes().length);
    bytes.addAndGet(document.bytes().length);
    exchange.getResponseBody().write(document.bytes());
  }

  private void relay(HttpExchange exchange, String digest) throws IOException {
    Optional<String> range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
    HttpResponse<TimedBody> response = client.blob(repository, digest, range);
    try (InputStream body = response.body()) {
      for (String header : List.of("Content-Type", "Content-Range", "Accept-Ranges")) {
        response
            .headers()
            .firstValue(header)
            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
      }
      // 0 means: of unknown length, in chunks.
      exchange.sendResponseHeaders(
          response.statusCode(), response.headers().firstValueAsLong("Content-Length").orElse(0));
      copy(body, exchange.getResponseBody());
    }
  }

  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[CHUNK];
    int read = from.read(buffer);
    while (read >= 0) {
      bytes.addAndGet(read);
      to.write(buffer, 0, read);
      read = from.read(buffer);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      LOG.debug("the door did not close", e);
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
