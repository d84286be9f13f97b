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
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Docker Engine that pretends: it has the images that it is told to have and takes down what is
 * built, tagged, pushed and pulled. While it is open, {@link DockerEngine#connect} finds it.
 */
public final class PretendEngine implements AutoCloseable {

  private static final String ADDRESS = "DOCKER_HOST";
  private static final Pattern ASKED = Pattern.compile("(?:/v(?<api>[\\d.]+))?(?<path>/.*)");

  /** The ids of its images. */
  public final Set<String> images = new LinkedHashSet<>();

  /** What was built, tagged, pushed and pulled, in order. */
  public final List<String> changes = new ArrayList<>();

  /** The oldest version of the API that it speaks. */
  String oldestApi = "1.24";

  /** The newest version of the API that it speaks. */
  String newestApi = "1.45";

  /** What the classic builder says, a line of JSON each. */
  final List<Object> buildSays = new ArrayList<>();

  /** Called when a push has begun, which then never ends; absent: pushes end at once. */
  Optional<Runnable> stallsPushes = Optional.empty();

  private final CountDownLatch closing = new CountDownLatch(1);

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
    Matcher asked =
        ASKED.matcher(
            URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8));
    if (!asked.matches()) {
      throw new AssertionError(exchange.getRequestURI());
    }
    Optional<String> refusal = Optional.ofNullable(asked.group("api")).flatMap(this::refusal);
    if (refusal.isPresent()) {
      reply(exchange, 400, Map.of("message", refusal.get()));
    } else {
      answer(exchange, asked.group("path"), String.valueOf(exchange.getRequestURI().getQuery()));
    }
  }

  /** What an engine says to a client that speaks an API which it does not know. */
  private Optional<String> refusal(String api) {
    if (EngineApi.older(newestApi, api)) {
      return Optional.of(
          "client version " + api + " is too new. Maximum supported API version is " + newestApi);
    }
    return EngineApi.older(api, oldestApi)
        ? Optional.of(
            "client version " + api + " is too old. Minimum supported API version is " + oldestApi)
        : Optional.empty();
  }

  private void answer(HttpExchange exchange, String path, String query) throws IOException {
    if (path.equals("/version")) {
      reply(
          exchange,
          200,
          Map.of(
              "ApiVersion",
              newestApi,
              "MinAPIVersion",
              oldestApi,
              "Version",
              "26.1.5",
              "Arch",
              "amd64"));
    } else if (path.equals("/build")) {
      exchange.getRequestBody().readAllBytes();
      changes.add("build " + query);
      reply(exchange, 200, buildSays.toArray());
    } else if (path.equals("/images/create")) {
      String image = query.replaceAll(".*fromImage=|&.*", "");
      changes.add(image + "/pull " + query);
      images.add(image);
      reply(exchange, 200, Map.of("status", "done"));
    } else if (path.matches("/images/.*/json")) {
      inspect(exchange, path.replaceAll("^/images/|/json$", ""));
    } else if (path.matches("/images/.*/(tag|push)")) {
      changes.add(path.replaceFirst("^/images/", "") + " " + query);
      if (path.endsWith("push")) {
        stallsPushes.ifPresent(this::stall);
      }
      reply(exchange, path.endsWith("tag") ? 201 : 200, Map.of("status", "done"));
    } else {
      reply(exchange, 500, Map.of("message", "the pretended engine does not understand " + path));
    }
  }

  private void stall(Runnable begun) {
    begun.run();
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private static void reply(HttpExchange exchange, int status, Object... lines) throws IOException {
    byte[] bytes =
        Arrays.stream(lines)
            .map(line -> Json.line(line) + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    System.clearProperty(ADDRESS);
    closing.countDown();
    http.stop(0);
  }
}
