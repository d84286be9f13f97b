package dev.slipway.effect.docker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Docker Engine that pretends: it has the images that it is told to have and takes down what is
 * tagged and pushed. While it is open, {@link DockerEngine#connect} finds it.
 */
public final class PretendEngine implements AutoCloseable {

  private static final String ADDRESS = "DOCKER_HOST";

  /** The ids of its images. */
  public final Set<String> images = new LinkedHashSet<>();

  /** What was tagged and pushed, in order. */
  public final List<String> changes = new ArrayList<>();

  private final HttpServer http;

  /** Starts to listen. */
  public PretendEngine() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::answer);
    http.start();
    System.setProperty(ADDRESS, "tcp://127.0.0.1:" + http.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path =
        URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8)
            .replaceFirst("^/v1.41", "");
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (path.equals("/version")) {
      reply(exchange, 200, Map.of("ApiVersion", "1.41", "Version", "26.1.5"));
    } else if (path.matches("/images/.*/json")) {
      inspect(exchange, path.replaceAll("^/images/|/json$", ""));
    } else if (path.matches("/images/.*/(tag|push)")) {
      changes.add(path.replaceFirst("^/images/", "") + " " + query);
      reply(exchange, path.endsWith("tag") ? 201 : 200, Map.of("status", "done"));
    } else {
      reply(exchange, 500, Map.of("message", "the pretended engine does not understand " + path));
    }
  }

  private void inspect(HttpExchange exchange, String id) throws IOException {
    List<String> digests =
        changes.stream()
            .filter(change -> change.contains("/push "))
            .map(change -> change.substring(0, change.indexOf("/push ")) + "@sha256:pushed")
            .toList();
    if (images.contains(id)) {
      reply(exchange, 200, Map.of("Id", id, "RepoDigests", digests));
    } else {
      reply(exchange, 404, Map.of("message", "No such image: " + id));
    }
  }

  private static void reply(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = Json.line(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    System.clearProperty(ADDRESS);
    http.stop(0);
  }
}
