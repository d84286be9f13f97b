package dev.slipway.effect.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class DockerEngineTest {

  private final PretendEngine pretended = new PretendEngine();

  @AfterEach
  void stop() {
    pretended.close();
  }

  private static SlipwayException refusal() {
    SlipwayException refused =
        catchThrowableOfType(SlipwayException.class, () -> DockerEngine.connect().close());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refused;
  }

  @Test
  void refusesWhereNoEngineAnswers() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    System.setProperty("DOCKER_HOST", "tcp://127.0.0.1:" + port);

    SlipwayException refused = refusal();

    assertThat(refused.what())
        .startsWith("No Docker Engine answers at tcp://127.0.0.1:" + port + ": ")
        .contains("Connection refused");
    assertThat(refused.advice()).startsWith("Run `bin/setup`, which installs and starts one");
  }

  @Test
  void refusesAnAddressThatNamesNoEngine() {
    System.setProperty("DOCKER_HOST", "nowhere");

    SlipwayException refused = refusal();

    assertThat(refused.what()).startsWith("No Docker Engine can be asked: ").contains("nowhere");
    assertThat(refused.advice()).startsWith("Correct DOCKER_HOST");
  }

  @Test
  void refusesAnOldEngine() {
    pretended.newestApi = "1.40";

    SlipwayException refused = refusal();

    assertThat(refused.what()).endsWith(" speaks API 1.40, Slipway needs 1.41.");
    assertThat(refused.advice()).isEqualTo("Upgrade to Docker Engine 20.10 or newer.");
  }

  @Test
  void saysThatItWasInterrupted() {
    try (DockerEngine engine = DockerEngine.connect()) {
      Thread.currentThread().interrupt();

      SlipwayException refused =
          catchThrowableOfType(SlipwayException.class, () -> engine.tag("sha256:b", "b", "1"));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refused.what()).isEqualTo("Interrupted while the Docker Engine is at work.");
      assertThat(pretended.changes).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"1.12, 1.41", "1.24, 1.45", "1.44, 1.52"})
  void speaksTheOldestApiThatANewEngineKnows(String oldest, String newest) {
    pretended.oldestApi = oldest;
    pretended.newestApi = newest;
    pretended.images.add("sha256:b");

    try (DockerEngine engine = DockerEngine.connect()) {
      assertThat(engine.hasImage("sha256:b")).isTrue();
      assertThat(engine.hasImage("sha256:w")).isFalse();
    }
  }

  @Test
  void saysThatAPushWasInterrupted() {
    pretended.stallsPushes = Optional.of(Thread.currentThread()::interrupt);

    try (DockerEngine engine = DockerEngine.connect()) {
      SlipwayException interrupted =
          catchThrowableOfType(
              SlipwayException.class,
              () -> engine.push("localhost:5000/backend", "1", Optional.empty(), line -> {}));

      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
      assertThat(interrupted.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(interrupted.what())
          .isEqualTo("The push of localhost:5000/backend:1 was interrupted.");
      assertThat(interrupted.advice()).startsWith("Run the same command again");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.41, 1.41, false",
    "1.40, 1.41, true",
    "1.9, 1.41, true",
    "1.100, 1.41, false",
    "2.0, 1.41, false",
    "1, 1.41, true",
    "1.41.1, 1.41, false",
    "null, 1.41, true"
  })
  void comparesVersionsByNumbers(String found, String wanted, boolean older) {
    assertThat(EngineApi.older(found, wanted)).isEqualTo(older);
  }
}
