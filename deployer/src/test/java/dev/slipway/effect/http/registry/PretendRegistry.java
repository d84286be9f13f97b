package dev.slipway.effect.http.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A registry that pretends: it has the contents that it is told to have, gives out tokens as GitLab
 * does, and hands blobs out from another address, as registries do that keep them in a bucket.
 */
public final class PretendRegistry implements AutoCloseable {

  private final HttpServer http;

  /** What it answers with, by digest or tag. */
  public final Map<String, byte[]> contents = new HashMap<>();

  /** What was asked, with the authorization that came with it. */
  public final List<String> asked = new ArrayList<>();

  /** The token that it gives out and takes; none: it lets everybody in. */
  public Optional<String> token = Optional.empty();

  /** Starts to listen. */
  public PretendRegistry() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/v2/", this::registry);
    http.createContext("/token", this::token);
    http.createContext("/bucket/", this::bucket);
    http.start();
  }

  /** Its host and port. */
  public String name() {
    return "127.0.0.1:" + http.getAddress().getPort();
  }

  private String note(HttpExchange exchange) {
    String authorization =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("-");
    asked.add(exchange.getRequestURI() + " " + authorization);
    return authorization;
  }

  private void registry(HttpExchange exchange) throws IOException {
    String authorization = note(exchange);
    if (token.isPresent() && !authorization.equals("Bearer " + token.get())) {
      exchange
          .getResponseHeaders()
          .set(
              "WWW-Authenticate",
              "Bearer realm=\"http://" + name() + "/token\",service=\"container_registry\"");
      reply(exchange, 401, new byte[0]);
      return;
    }
    String path = exchange.getRequestURI().getPath();
    String reference = path.substring(path.lastIndexOf('/') + 1);
    if (path.contains("/blobs/")) {
      exchange.getResponseHeaders().set("Location", "/bucket/" + reference + "?signed=yes");
      reply(exchange, 307, new byte[0]);
    } else if (contents.containsKey(reference)) {
      exchange
          .getResponseHeaders()
          .set("Content-Type", "application/vnd.docker.distribution.manifest.v2+json");
      reply(exchange, 200, contents.get(reference));
    } else {
      reply(exchange, path.equals("/v2/") ? 200 : 404, new byte[0]);
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    note(exchange);
    reply(
        exchange,
        200,
        Json.line(Map.of("token", token.orElse(""))).getBytes(StandardCharsets.UTF_8));
  }

  private void bucket(HttpExchange exchange) throws IOException {
    note(exchange);
    String path = exchange.getRequestURI().getPath();
    byte[] blob = contents.get(path.substring(path.lastIndexOf('/') + 1));
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (blob == null) {
      reply(exchange, 404, new byte[0]);
    } else if (range != null) {
      int from = Integer.parseInt(range.replaceAll("\\D", ""));
      reply(exchange, 206, java.util.Arrays.copyOfRange(blob, from, blob.length));
    } else {
      reply(exchange, 200, blob);
    }
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Adds an image with layers of these contents, and returns its digest. */
  public String add(String... layers) {
    return add("amd64", Map.of(), layers);
  }

  /** Adds an image under a tag as well. */
  public String tag(String tag, String architecture, Map<String, String> labels) {
    String digest = add(architecture, labels, "base");
    contents.put(tag, Objects.requireNonNull(contents.get(digest)));
    return digest;
  }

  private String add(String architecture, Map<String, String> labels, String... layers) {
    List<Object> entries = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (String layer : layers) {
      byte[] bytes = layer.getBytes(StandardCharsets.UTF_8);
      entries.add(Map.of("mediaType", "layer", "size", bytes.length, "digest", put(bytes)));
      diffIds.add("unpacked-" + layer);
    }
    byte[] config =
        bytes(
            Map.of(
                "architecture",
                architecture,
                "os",
                "linux",
                "config",
                Map.of("Labels", labels),
                "rootfs",
                Map.of("type", "layers", "diff_ids", diffIds)));
    return put(
        bytes(
            Map.of(
                "schemaVersion",
                2,
                "config",
                Map.of("mediaType", "config", "size", config.length, "digest", put(config)),
                "layers",
                entries)));
  }

  /** Adds an index that names an image beside an attestation, and returns its digest. */
  public String index(String image) {
    return put(
        bytes(
            Map.of(
                "schemaVersion",
                2,
                "manifests",
                List.of(
                    Map.of("digest", "sha256:0", "platform", Map.of("os", "unknown")),
                    Map.of("digest", image, "platform", Map.of("os", "linux"))))));
  }

  private String put(byte[] bytes) {
    String digest = RegistryImage.digest(bytes);
    contents.put(digest, bytes);
    return digest;
  }

  private static byte[] bytes(Object value) {
    return Json.line(value).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
