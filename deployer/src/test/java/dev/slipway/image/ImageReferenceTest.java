package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final List<String> REGISTRIES =
      List.of(
          "",
          "localhost/",
          "localhost:5000/",
          "registry.example/",
          "10.0.0.1:443/",
          "[::1]:5000/",
          "Registry/",
          "a-b.example/");
  private static final List<String> REPOSITORIES =
      List.of("a", "postgres", "a/b/c", "my_app", "my__app", "a.b-c--d", "0/1", "x".repeat(255));
  private static final List<String> TAGS =
      List.of("", ":15", ":latest", ":_x", ":1.2-rc.3", ":" + "t".repeat(128));
  private static final List<String> DIGESTS =
      List.of("", "@" + DIGEST, "@sha512:" + "a".repeat(128));

  static Stream<String> everyCombination() {
    return REGISTRIES.stream()
        .flatMap(registry -> REPOSITORIES.stream().map(repository -> registry + repository))
        .flatMap(name -> TAGS.stream().map(tag -> name + tag))
        .flatMap(named -> DIGESTS.stream().map(digest -> named + digest));
  }

  @Test
  void writesBackEveryCombinationOfGoodParts() {
    assertThat(everyCombination())
        .hasSize(1152)
        .allSatisfy(text -> assertThat(ImageReference.parse(text)).hasToString(text));
  }

  @ParameterizedTest
  @CsvSource({
    "redis, redis:latest",
    "redis:7.0, redis:7.0",
    "docker.io/library/redis:7.0, redis:7.0",
    "docker.io/bitnami/redis:7.0, bitnami/redis:7.0",
    "registry.example/library/redis:7.0, registry.example/library/redis:7.0",
    "redis:7.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, redis@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  })
  void isListedAsEnginesListIt(String written, String listed) {
    assertThat(ImageReference.parse(written).listed()).isEqualTo(listed);
  }

  @Test
  void tellsRegistryRepositoryTagAndDigestApart() {
    for (String registry : REGISTRIES) {
      for (String repository : REPOSITORIES) {
        ImageReference image = ImageReference.parse(registry + repository + ":15@" + DIGEST);

        assertThat(image.registry())
            .isEqualTo(
                registry.isEmpty()
                    ? Optional.empty()
                    : Optional.of(registry.substring(0, registry.length() - 1)));
        assertThat(image.repository()).isEqualTo(repository);
        assertThat(image.tag()).contains("15");
        assertThat(image.digest()).contains(DIGEST);
        assertThat(image.name()).isEqualTo(registry + repository);
      }
    }
  }

  @Test
  void inventsNeitherRegistryNorTag() {
    ImageReference image = ImageReference.parse("postgres");

    assertThat(image.registry()).isEmpty();
    assertThat(image.tag()).isEmpty();
    assertThat(image.repository()).isEqualTo("postgres");
    assertThat(ImageReference.parse("library/postgres").registry()).isEmpty();
    assertThat(ImageReference.parse("localhost:5000").tag()).contains("5000");
  }

  static Stream<String> bad() {
    return Stream.of(
        "",
        " ",
        "a b",
        "A",
        "a/B",
        "/a",
        "a/",
        "a//b",
        "a:",
        "a@",
        ":15",
        "a:b:c",
        "a:.b",
        "a:-b",
        "a:é",
        "a@sha256:12",
        "a@" + DIGEST.toUpperCase(java.util.Locale.ROOT),
        "a@" + DIGEST + "0",
        "a@" + DIGEST + "@" + DIGEST,
        "-a",
        "a-",
        "a..b",
        "a___b",
        "_a",
        "-host.example/a",
        "host-.example/a",
        "host.example:port/a",
        "host.example:/a",
        "host.example/",
        "https://host.example/a",
        "$TAG",
        "${X}/a",
        "a\n",
        "0a".repeat(32),
        "a:" + "t".repeat(129),
        "x".repeat(256),
        "[::1/a",
        "a@b");
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesWhatIsNoReferenceAndShowsIt(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000})
  void refusesHugeInputQuickly(int length) {
    assertThatThrownBy(() -> ImageReference.parse("a-".repeat(length))).isNotNull();
    assertThatThrownBy(() -> ImageReference.parse("a.".repeat(length) + "/b")).isNotNull();
  }
}
