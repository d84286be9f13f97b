package dev.slipway.effect.http.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OfferedImageTest {

  private static final String REPOSITORY = "shop/backend";

  @AutoClose private final PretendRegistry registry = new PretendRegistry();
  private final RegistryClient client =
      RegistryClient.of(registry.name(), "127.0.0.1", Optional.empty());
  private final String digest = registry.add("a large base", "small", "another large one", "top");
  private final RegistryImage image = RegistryImage.read(client, REPOSITORY, digest);
  private Optional<OfferedImage> offered = Optional.empty();

  @AfterEach
  void stop() {
    offered.ifPresent(OfferedImage::close);
  }

  private OfferedImage offer(String... there) {
    OfferedImage offer = new OfferedImage(client, REPOSITORY, image, Set.of(there), 10);
    offered = Optional.of(offer);
    return offer;
  }

  private HttpResponse<String> get(OfferedImage offer, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + offer.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private String layer(int index) {
    return image.layers().get(index).digest();
  }

  @Test
  void handsOutTheManifestAsItIsAndTheLayersOfTheRegistry() throws Exception {
    OfferedImage offer = offer();

    HttpResponse<String> manifest = get(offer, "/v2/" + REPOSITORY + "/manifests/" + digest);

    assertThat(RegistryImage.digest(manifest.body().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(digest);
    assertThat(manifest.headers().firstValue("Docker-Content-Digest")).contains(digest);
    assertThat(get(offer, "/v2/" + REPOSITORY + "/blobs/" + layer(0)).body())
        .isEqualTo("a large base");
    assertThat(offer.bytes()).isEqualTo(manifest.body().length() + "a large base".length());
  }

  @Test
  void goesOnInTheMiddleOfALayer() throws Exception {
    HttpResponse<String> rest =
        get(offer(), "/v2/" + REPOSITORY + "/blobs/" + layer(0), "Range", "bytes=8-");

    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(rest.body()).isEqualTo("base");
  }

  @Test
  void handsOutNothingElseOfTheRegistry() throws Exception {
    String other = registry.add("a secret");
    OfferedImage offer = offer();

    assertThat(get(offer, "/v2/").statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "/v2/" + REPOSITORY + "/manifests/" + other,
            "/v2/" + REPOSITORY + "/manifests/latest",
            "/v2/" + REPOSITORY + "/tags/list",
            "/v2/_catalog")) {
      assertThat(get(offer, path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(registry.asked).noneMatch(asked -> asked.contains(other));
  }

  /** The first bytes of a handshake, and no end of a line in them. */
  @Test
  void tellsAnEngineThatTriesTlsAtOnceToSpeakHttp() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), offer().port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});

      assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/");
    }
  }

  @Test
  void offersAPartUpToEachLargeLayerThatIsMissing() throws Exception {
    OfferedImage offer = offer();

    assertThat(offer.parts()).hasSize(2);
    String part = get(offer, "/v2/slipway/part/manifests/" + offer.parts().get(1)).body();
    assertThat(Json.tree(part).path("layers"))
        .extracting(layer -> layer.path("digest").asText())
        .containsExactly(layer(0), layer(1), layer(2));
    String config =
        get(offer, "/v2/slipway/part/blobs/" + Json.tree(part).at("/config/digest").asText())
            .body();
    assertThat(Json.tree(config).at("/rootfs/diff_ids")).hasSize(3);
  }

  @Test
  void offersNoPartForWhatTheServerHas() {
    assertThat(offer("unpacked-a large base").parts()).hasSize(1);
    assertThat(offer("unpacked-a large base", "unpacked-another large one").parts()).isEmpty();
  }
}
