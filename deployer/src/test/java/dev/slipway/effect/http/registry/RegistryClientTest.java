package dev.slipway.effect.http.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Secret;
import dev.slipway.StallingPeer;
import dev.slipway.effect.docker.RegistryLogin;
import dev.slipway.effect.http.TimedBody;
import dev.slipway.image.ImageLayer;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RegistryClientTest {

  private static final String REPOSITORY = "shop/backend";

  @AutoClose private final PretendRegistry registry = new PretendRegistry();
  private final RegistryLogin login =
      new RegistryLogin(registry.name(), "robot", Secret.of("swordfish"), "REGISTRY_PASSWORD");

  private RegistryClient client(Optional<RegistryLogin> who) {
    return RegistryClient.of(registry.name(), "127.0.0.1", who);
  }

  @Test
  void readsTheLayersOfAnImageWithTheirSizes() {
    String digest = registry.add("base", "top layer");

    RegistryImage image = RegistryImage.read(client(Optional.empty()), REPOSITORY, digest);

    assertThat(image.layers())
        .extracting(ImageLayer::diffId)
        .containsExactly("unpacked-base", "unpacked-top layer");
    assertThat(image.layers()).extracting(ImageLayer::size).containsExactly(4L, 9L);
    assertThat(image.architecture()).isEqualTo("amd64");
    assertThat(image.documents()).hasSize(2).containsKey(digest);
  }

  @Test
  void findsTheImageInAnIndexWithAttestations() {
    String image = registry.add("base");
    String index = registry.index(image);

    assertThat(RegistryImage.read(client(Optional.empty()), REPOSITORY, index).documents())
        .hasSize(3)
        .containsKeys(index, image);
  }

  @Test
  void refusesAManifestThatSomebodyHasSwapped() {
    String digest = registry.add("base");
    String other = registry.add("something else");
    registry.contents.put(digest, Objects.requireNonNull(registry.contents.get(other)));

    assertThatThrownBy(() -> RegistryImage.read(client(Optional.empty()), REPOSITORY, digest))
        .hasMessageContaining("it answers " + other + " when asked for " + digest);
  }

  @Test
  void refusesAConfigurationThatSomebodyHasSwapped() {
    String digest = registry.add("base");
    registry.contents.replaceAll(
        (known, bytes) -> known.equals(digest) ? bytes : new byte[] {'{', '}'});

    assertThatThrownBy(() -> RegistryImage.read(client(Optional.empty()), REPOSITORY, digest))
        .hasMessageContaining("when asked for");
  }

  @Test
  void saysWhatToDoAboutAnImageThatIsGone() {
    assertThatThrownBy(
            () ->
                RegistryImage.read(
                    client(Optional.empty()), REPOSITORY, "sha256:" + "0".repeat(64)))
        .hasMessageStartingWith("The image shop/backend@sha256:000")
        .hasMessageEndingWith("cannot be read from " + registry.name() + ": HTTP status 404.");
  }

  @Test
  void asksForATokenWithTheLoginAndSendsNeitherToTheBucket() {
    registry.token = Optional.of("first");
    String digest = registry.add("base");

    RegistryImage.read(client(Optional.of(login)), REPOSITORY, digest);

    assertThat(registry.asked)
        .anyMatch(
            asked ->
                asked.startsWith(
                        "/token?service=container_registry&scope=repository%3Ashop%2Fbackend%3Apull")
                    && asked.endsWith(" Basic cm9ib3Q6c3dvcmRmaXNo"))
        .anyMatch(asked -> asked.startsWith("/v2/") && asked.endsWith(" Bearer first"))
        .filteredOn(asked -> asked.startsWith("/bucket/"))
        .isNotEmpty()
        .allMatch(asked -> asked.endsWith(" -"));
  }

  @Test
  void asksForAnotherTokenWhenOneHasExpired() {
    registry.token = Optional.of("first");
    String digest = registry.add("base");
    RegistryClient client = client(Optional.of(login));
    RegistryImage.read(client, REPOSITORY, digest);
    registry.token = Optional.of("second");
    registry.asked.clear();

    RegistryImage.read(client, REPOSITORY, digest);

    assertThat(registry.asked).anyMatch(asked -> asked.endsWith(" Bearer second"));
  }

  @Test
  void tellsTheDigestThatATagNames() throws IOException {
    String digest = registry.tag("latest", "arm64", Map.of("revision", "7"));

    assertThat(client(Optional.empty()).digest(REPOSITORY, "latest")).contains(digest);
    assertThat(client(Optional.empty()).digest(REPOSITORY, "1.0")).isEmpty();
    assertThat(RegistryImage.read(client(Optional.empty()), REPOSITORY, digest).labels())
        .containsExactly(Map.entry("revision", "7"));
  }

  @Test
  void saysWhyARegistryIsSilent() {
    assertThat(client(Optional.empty()).silence()).isEmpty();
    registry.close();

    assertThat(client(Optional.empty()).silence().orElseThrow())
        .startsWith(registry.name() + " does not answer here: ");
  }

  private static RegistryClient impatient(StallingPeer peer) {
    return new RegistryClient(peer.address("/"), Optional.empty(), Duration.ofMillis(300));
  }

  @Test
  @Timeout(20)
  void endsAManifestThatStopsInTheMiddle() throws IOException {
    try (StallingPeer peer = StallingPeer.after("HTTP/1.1 200 OK", 100, "{\"a\":")) {
      assertThatThrownBy(
              () -> RegistryImage.read(impatient(peer), REPOSITORY, "sha256:" + "0".repeat(64)))
          .hasMessageEndingWith("the answer stopped in the middle.");
    }
  }

  @Test
  @Timeout(20)
  void endsATokenThatStopsInTheMiddle() throws IOException {
    try (StallingPeer tokens = StallingPeer.after("HTTP/1.1 200 OK", 100, "{\"token\":");
        StallingPeer peer =
            StallingPeer.after(
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\""
                    + tokens.address("/token")
                    + "\"",
                0,
                "")) {
      assertThatThrownBy(
              () -> RegistryImage.read(impatient(peer), REPOSITORY, "sha256:" + "0".repeat(64)))
          .hasMessageEndingWith("the answer stopped in the middle.");
    }
  }

  @Test
  @Timeout(20)
  void endsALayerThatStopsInTheMiddle() throws IOException {
    try (StallingPeer peer = StallingPeer.after("HTTP/1.1 200 OK", 100, "abc");
        TimedBody layer =
            impatient(peer).blob(REPOSITORY, "sha256:" + "0".repeat(64), Optional.empty()).body()) {
      assertThat(layer.readNBytes(3)).asString().isEqualTo("abc");
      assertThatThrownBy(layer::read).isInstanceOf(HttpTimeoutException.class);
    }
  }

  @Test
  void speaksTlsToEveryRegistryButOneOnThisMachine() {
    for (Map.Entry<String, String> address :
        Map.of(
                "localhost:5000", "docker:5000",
                "registry.example", "registry.example",
                "registry.example:5000", "registry.example:5000",
                "", "registry-1.docker.io")
            .entrySet()) {
      assertThat(RegistryClient.of(address.getKey(), "docker", Optional.empty()))
          .hasToString(address.getValue());
    }
  }
}
