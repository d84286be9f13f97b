package dev.slipway.effect.http.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.RootCause;
import dev.slipway.SlipwayException;
import dev.slipway.effect.http.TimedBody;
import dev.slipway.image.ImageLayer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * An image as its registry has it, every byte checked against its digest.
 *
 * @param documents manifests and configuration, by digest
 * @param layers its layers, the lowest first
 * @param architecture what it runs on
 * @param labels what it is labelled with
 */
public record RegistryImage(
    Map<String, Document> documents,
    List<ImageLayer> layers,
    String architecture,
    Map<String, String> labels) {

  /** Copies. */
  public RegistryImage {
    documents = Map.copyOf(documents);
    layers = List.copyOf(layers);
    labels = Map.copyOf(labels);
  }

  /** A text with its type, as it is served. */
  record Document(String type, String text) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Reads an image by digest.
   *
   * @throws SlipwayException when the registry does not have it, does not answer, or answers
   *     something else
   */
  public static RegistryImage read(RegistryClient client, String repository, String digest) {
    try {
      Map<String, Document> documents = new LinkedHashMap<>();
      Document manifest = document(client, client.manifest(repository, digest), digest);
      documents.put(digest, manifest);
      JsonNode tree = tree(manifest);
      if (tree.has("manifests")) {
        String chosen = platform(tree);
        manifest = document(client, client.manifest(repository, chosen), chosen);
        documents.put(chosen, manifest);
        tree = tree(manifest);
      }
      String name = tree.at("/config/digest").asText();
      Document config = document(client, client.blob(repository, name, Optional.empty()), name);
      documents.put(name, config);
      JsonNode configured = tree(config);
      return new RegistryImage(
          documents,
          layers(tree.path("layers"), configured.at("/rootfs/diff_ids")),
          configured.path("architecture").asText(),
          labels(configured.at("/config/Labels")));
    } catch (IOException | IllegalArgumentException e) {
      throw new SlipwayException(
          ExitCode.FAILED_OLD_VERSION_SERVING,
          "The image "
              + repository
              + "@"
              + digest
              + " cannot be read from "
              + client
              + ": "
              + RootCause.said(e)
              + ".",
          "Check that the registry is up, that the image is still there and that REGISTRY_USER and"
              + " REGISTRY_PASSWORD are right.",
          e);
    }
  }

  private static JsonNode tree(Document document) {
    return Json.tree(document.text());
  }

  /** The image in an index; what is beside it are attestations, which have no platform. */
  private static String platform(JsonNode index) {
    return StreamSupport.stream(index.path("manifests").spliterator(), false)
        .filter(entry -> entry.at("/platform/os").asText().equals("linux"))
        .map(entry -> entry.path("digest").asText())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("its index names no image for linux"));
  }

  private static Map<String, String> labels(JsonNode labels) {
    Map<String, String> all = new LinkedHashMap<>();
    labels.properties().forEach(label -> all.put(label.getKey(), label.getValue().asText()));
    return all;
  }

  private static List<ImageLayer> layers(JsonNode layers, JsonNode diffIds) {
    if (layers.size() != diffIds.size()) {
      throw new IllegalArgumentException("its manifest and its configuration differ in layers");
    }
    List<ImageLayer> all = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      all.add(
          new ImageLayer(
              layers.path(i).path("digest").asText(),
              diffIds.path(i).asText(),
              layers.path(i).path("size").asLong()));
    }
    return all;
  }

  private static Document document(
      RegistryClient client, HttpResponse<TimedBody> response, String digest) throws IOException {
    byte[] bytes = client.whole(response);
    if (response.statusCode() != 200) {
      throw new IOException("HTTP status " + response.statusCode());
    }
    if (!digest(bytes).equals(digest)) {
      throw new IOException(
          "it answers " + digest(bytes) + " when asked for " + digest + ", so somebody lies");
    }
    return new Document(
        response.headers().firstValue("Content-Type").orElse("application/octet-stream"),
        new String(bytes, StandardCharsets.UTF_8));
  }

  static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
