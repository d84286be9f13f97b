package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.platform.compose.ComposeFile;
import dev.slipway.platform.compose.EnvironmentVariable;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlatformVariablesTest {

  private static final String EXAMPLE =
      """
      # a comment
      PLAIN=plain # comment
      export QUOTED="a # \\"b\\"" # comment
      SINGLE='it is $PLAIN'
      WITH=${PLAIN}-x$$
      HASH=a#b
      EMPTY=
      """;

  private static PlatformVariables variables(String file, Map<String, String> files) {
    ComposeFile compose =
        ComposeFile.parse(
            file,
            """
            services:
              backend:
                image: backend
                command: $PLAIN $QUOTED $SINGLE $WITH $HASH $EMPTY ${OPTIONAL:-} ${TAG:?}
            """,
            Map.of());
    ServiceSpec backend = Objects.requireNonNull(compose.services().get("backend"));
    return PlatformVariables.of(
        new Platform(
            SlipwayFile.read("", new Problems()),
            compose,
            Map.of(Role.BACKEND, backend),
            List.of()),
        path -> Optional.ofNullable(files.get(path)),
        "c0ffee");
  }

  @Test
  void readsTheExampleAsComposeReadsAnEnvFile() {
    PlatformVariables variables = variables("compose.yml", Map.of(".env.example", EXAMPLE));

    assertThat(variables.all())
        .contains(
            entry("PLAIN", "plain"),
            entry("QUOTED", "a # \"b\""),
            entry("SINGLE", "it is $PLAIN"),
            entry("WITH", "plain-x$"),
            entry("HASH", "a#b"),
            entry("TAG", "c0ffee"))
        .containsKey("EMPTY")
        .doesNotContainKey("OPTIONAL");
    assertThat(variables.exampleKeys())
        .containsExactlyInAnyOrder("PLAIN", "QUOTED", "SINGLE", "WITH", "HASH", "EMPTY");
  }

  @Test
  void hasEachKeyOfTheExampleForServicesThatReadTheFileWhole() {
    String example =
        """
        POSTGRES_HOST=postgres
        SMTP_PORT=
        JWT_SECRET=
        COMPOSE_PROJECT_NAME=shop
        DOCKER_HOST=ssh://server
        """;
    PlatformVariables variables = variables("compose.yml", Map.of(".env.example", example));

    assertThat(variables.all())
        .contains(entry("POSTGRES_HOST", "postgres"), entry("SMTP_PORT", ""))
        .hasEntrySatisfying("JWT_SECRET", value -> assertThat(value).isNotEmpty())
        .doesNotContainKeys("COMPOSE_PROJECT_NAME", "DOCKER_HOST");
    assertThat(variables.envFile()).contains("POSTGRES_HOST=postgres\n", "SMTP_PORT=\n");
  }

  @Test
  void leavesEmptyWhatTheExampleLeavesEmptyAndServicesAreOnlyHanded() {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              backend:
                image: backend
                environment: &same
                  - SENTRY_DSN=${SENTRY_DSN}
                  - SMTP_HOST=${SMTP_HOST?}
                  - MUST=${MUST:?}
                  - SECRET_KEY=${SECRET_KEY?}
                  - POSTGRES_USER=${POSTGRES_USER}
                  - DOMAIN=${DOMAIN}
                  - ORIGIN=https://${DOMAIN}
                  - LABEL=${LABEL}
                  - UNKNOWN=${UNKNOWN}
                labels: ["domain=$LABEL"]
              worker: {image: backend, environment: *same}
            """,
            Map.of());
    String example =
        "SENTRY_DSN=\nSMTP_HOST=\nMUST=\nSECRET_KEY=\nPOSTGRES_USER=\nDOMAIN=\nLABEL=\n";

    PlatformVariables variables =
        PlatformVariables.of(
            new Platform(
                SlipwayFile.read("", new Problems()),
                compose,
                Map.of(Role.BACKEND, Objects.requireNonNull(compose.services().get("backend"))),
                List.of()),
            path -> path.equals(".env.example") ? Optional.of(example) : Optional.empty(),
            "c0ffee");

    assertThat(variables.all())
        .contains(entry("SENTRY_DSN", ""), entry("SMTP_HOST", ""))
        .hasSize(8)
        .allSatisfy(
            (name, value) ->
                assertThat(value)
                    .matches(
                        name.startsWith("S") && !name.startsWith("SECRET") ? "" : "s[0-9a-f]{24}"));
    assertThat(variables.madeUpIn("input_value='" + variables.all().get("MUST") + "'"))
        .containsExactly("MUST");
  }

  @Test
  void writesWhatItReads() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("A", "it's # \"x\" \\ y");
    all.put("B", "a b$c");
    all.put("C", "plain-1.2/x");
    PlatformVariables written = new PlatformVariables(all, all.keySet(), Map.of());

    String file = written.envFile();

    assertThat(file).contains("\nC=plain-1.2/x\n", "\nB='a b$c'\n");
    assertThat(EnvironmentVariable.in(file))
        .extracting(EnvironmentVariable::value)
        .containsExactlyElementsOf(all.values());
  }

  @Test
  void looksForTheExampleBesideTheComposeFileFirst() {
    Map<String, String> files =
        Map.of(".env.example", "PLAIN=root", "deploy/.env.example", "PLAIN=beside");

    assertThat(variables("deploy/compose.yml", files).all()).containsEntry("PLAIN", "beside");
    assertThat(variables("other/compose.yml", files).all()).containsEntry("PLAIN", "root");
  }

  @Test
  void makesUpEnvFilesThatOnlyTheServerHas() {
    ComposeFile compose =
        ComposeFile.parse(
            "deploy/compose.yml",
            "services: {backend: {image: b, env_file: [.env, own.env, ../app/.env, none.env, /etc/x]}}",
            Map.of());
    Map<String, String> files =
        Map.of(
            "deploy/own.env", "OWN=1",
            "app/.env.example", "LEVEL=info\nSECRET_KEY=\nNOTE=a b\nDOCKER_HOST=x\n");

    Map<String, String> made =
        PlatformVariables.of(
                new Platform(
                    SlipwayFile.read("", new Problems()),
                    compose,
                    Map.of(Role.BACKEND, Objects.requireNonNull(compose.services().get("backend"))),
                    List.of()),
                path -> Optional.ofNullable(files.get(path)),
                "c0ffee")
            .files();

    assertThat(made).containsOnlyKeys("../app/.env", "none.env").containsEntry("none.env", "");
    assertThat(made.get("../app/.env"))
        .matches("LEVEL=info\nNOTE='a b'\nSECRET_KEY=s[0-9a-f]{24}\n");
  }
}
