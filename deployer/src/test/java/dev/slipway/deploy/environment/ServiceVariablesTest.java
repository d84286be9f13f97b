package dev.slipway.deploy.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.release.ReleaseManifest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceVariablesTest {

  private static final String COMPOSE =
      """
      services:
        backend:
          image: ${REGISTRY:?}/backend:${TAG:?}
          environment:
            DATABASE_URL: postgresql://shop:${DB_PASSWORD:?}@postgres/shop
            LEVEL: ${LEVEL:-info}
            WORKERS: 4
            VERSION: ${TAG}
            RUN_BY: ${USER}
            ODD: ${ODD:-}
        worker: {image: "worker:1", env_file: .env}
      """;

  private static final ReleaseManifest RELEASE =
      new ReleaseManifest(
          "a".repeat(40),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Map.of("TAG", "new", "REGISTRY", "example.org"),
          Instant.EPOCH);

  private static final Map<String, String> HAS =
      Map.of(
          "DATABASE_URL", "postgresql://shop:swordfish@postgres/shop",
          "LEVEL", "info",
          "WORKERS", "8",
          "VERSION", "old",
          "RUN_BY", "root");

  private static Map<String, Set<String>> changed(
      String compose, String file, Map<String, Map<String, String>> containers) {
    return ServiceVariables.changed(file, RELEASE, compose, containers);
  }

  @Test
  void seesWhatTheFileSaysOtherwise() {
    String same = "TAG=old\nUSER=deploy\nexport DB_PASSWORD=\"swordfish\" # the old one\n";

    assertThat(changed(COMPOSE, same, Map.of("backend", HAS))).isEmpty();
    assertThat(changed(COMPOSE, same.replace("sword", "cat"), Map.of("backend", HAS)))
        .containsExactly(entry("backend", Set.of("DATABASE_URL")));
    assertThat(changed(COMPOSE, same + "LEVEL=debug\n", Map.of("backend", HAS)))
        .containsExactly(entry("backend", Set.of("LEVEL")));
  }

  @Test
  void seesWhatAServiceTakesFromTheWholeFile() {
    Map<String, Map<String, String>> worker =
        Map.of("worker", Map.of("LEVEL", "info", "TAG", "old"));

    assertThat(changed(COMPOSE, "TAG=older\nLEVEL=info\n", worker)).isEmpty();
    assertThat(changed(COMPOSE, "TAG=older\nLEVEL=info\nQUEUE=fast\n", worker))
        .containsExactly(entry("worker", Set.of("QUEUE")));
  }

  /** A value that compose may read in another way would be changed at every deployment. */
  @Test
  void saysNothingOfValuesThatReadersTakeDifferently() {
    assertThat(
            changed(
                COMPOSE,
                "DB_PASSWORD=swordfish\nODD=\"it's \\\"odd\\\" $$\"\n",
                Map.of("backend", HAS, "gone", Map.of())))
        .isEmpty();
  }

  @Test
  void saysNothingWhereTheComposeFileCannotBeRead() {
    assertThat(changed("[", "LEVEL=debug\n", Map.of("backend", HAS))).isEmpty();
  }

  /** Compose 1.29 and 2 make different things of these, or look elsewhere first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PW=pa$word| ${PW}",
        "PW=pa$word| postgresql://u:${PW}@h/d",
        "PAT=\"a\\.b\"| ${PAT}",
        "WIN=\"C:\\temp\"| ${WIN}",
        "D=${HOME}/data| ${D}",
        "HOME=/srv| ${HOME}",
        "SP=trail| ${HOME}/${SP}",
        "B=b| ${A:-${B:-c}}",
        "TZ=UTC| ${TZ}",
        "K: value| ${K}",
      })
  void saysNothingOfWhatIsReadInMoreWaysThanOne(String file, String value) {
    String compose = "services: {backend: {image: b, environment: {X: '" + value + "'}}}\n";

    assertThat(changed(compose, file + "\n", Map.of("backend", Map.of("X", "what it has"))))
        .isEmpty();
  }

  @Test
  void takesNothingFromAFileThatAnotherMayGoBefore() {
    String compose =
        "services: {backend: {image: b, env_file: [.env, own.env], environment: {X: '${LEVEL}'}}}\n";

    assertThat(changed(compose, "LEVEL=debug\n", Map.of("backend", Map.of("LEVEL", "info"))))
        .containsExactly(entry("backend", Set.of("X")));
    assertThat(changed(compose, "OTHER=1\n", Map.of("backend", Map.of("X", "")))).isEmpty();
  }
}
