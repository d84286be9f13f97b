package dev.slipway.effect.http.registry;

import dev.slipway.Json;
import dev.slipway.effect.http.registry.RegistryImage.Document;
import dev.slipway.image.ImageLayer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lower layers of an image as an image of their own. An engine that loses its connection drops
 * the layers of an image that is not complete; those of a part that is, it keeps.
 *
 * @param digest the digest that it is pulled by
 * @param documents its manifest and configuration, by digest
 */
record ImagePart(String digest, Map<String, Document> documents) {

  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  /** Copies. */
  ImagePart {
    documents = Map.copyOf(documents);
  }

  /**
   * The parts in which an image arrives: each ends with a layer that is missing and large; what
   * comes after the last of them arrives with the image itself.
   *
   * @param there what the layers on the server unpack to
   * @param large from how many bytes on a layer is large
   */
  static List<ImagePart> of(RegistryImage image, Set<String> there, long large) {
    List<ImagePart> parts = new ArrayList<>();
    for (int i = 0; i < image.layers().size() - 1; i++) {
      ImageLayer layer = image.layers().get(i);
      if (!there.contains(layer.diffId()) && layer.size() >= large) {
        parts.add(of(image.layers().subList(0, i + 1), image.architecture()));
      }
    }
    return parts;
  }

  private static ImagePart of(List<ImageLayer> layers, String architecture) {
    String config =
        Json.line(
            Map.of(
                "architecture",
                architecture,
                "os",
                "linux",
                "config",
                Map.of(),
                "rootfs",
                Map.of(
                    "type",
                    "layers",
                    "diff_ids",
                    layers.stream().map(ImageLayer::diffId).toList())));
    String manifest =
        Json.line(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MANIFEST,
                "config",
                entry(CONFIG, bytes(config).length, RegistryImage.digest(bytes(config))),
                "layers",
                layers.stream().map(layer -> entry(LAYER, layer.size(), layer.digest())).toList()));
    Map<String, Document> documents = new LinkedHashMap<>();
    documents.put(RegistryImage.digest(bytes(config)), new Document(CONFIG, config));
    documents.put(RegistryImage.digest(bytes(manifest)), new Document(MANIFEST, manifest));
    return new ImagePart(RegistryImage.digest(bytes(manifest)), documents);
  }

  private static Map<String, Object> entry(String type, long size, String digest) {
    return Map.of("mediaType", type, "size", size, "digest", digest);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
