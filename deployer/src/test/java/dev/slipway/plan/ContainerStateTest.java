package dev.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.release.ReleasedImage;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerStateTest {

  private static ContainerState container(String image, String state, Optional<String> health) {
    return new ContainerState(
        "id",
        image,
        "sha256:1",
        state,
        health,
        Map.of(8443, PublishedPort.of("10.0.0.5", 443), 8080, PublishedPort.of("::", 80)),
        0,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "backend, backend, latest",
    "backend:1, backend, 1",
    "localhost:5000/backend, localhost:5000/backend, latest",
    "localhost:5000/backend:1, localhost:5000/backend, 1"
  })
  void isNamedAsAReleaseWouldNameIt(String image, String name, String tag) {
    assertThat(container(image, "running", Optional.empty()).asReleased())
        .contains(new ReleasedImage(name, tag, Optional.empty(), "sha256:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres:15@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "localhost:5000/backend@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void isNoReleasesWhereItWasMadeFromADigestOrAnId(String image) {
    assertThat(container(image, "running", Optional.empty()).asReleased()).isEmpty();
  }
}
