package dev.slipway.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.platform.PlatformFile;
import dev.slipway.platform.PlatformSource;
import dev.slipway.platform.compose.ComposeFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeContractTest {

  private static List<Finding> check(String text) {
    ComposeFile compose = ComposeFile.parse("compose.yml", text, Map.of());
    Set<String> built = Set.of("backend");
    return ComposeContract.check(compose, built, built, Set.of(), Set.of("REGISTRY", "TAG"));
  }

  @Test
  void knowsTheHealthCheckOfAnImageWhereTheFileDoesNotSwitchItOff() {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
              frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}", healthcheck: {disable: true}}
              nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}"}
            """,
            Map.of());
    Set<String> built = Set.of("backend", "frontend", "nginx");

    assertThat(
            ComposeContract.check(
                compose, built, built, Set.of("backend", "frontend"), Set.of("REGISTRY", "TAG")))
        .extracting(finding -> finding.rule() + " " + finding.line())
        .containsExactly("missing-healthcheck 3", "missing-healthcheck 4");
  }

  private static List<String> rules(String text) {
    return check(text).stream().map(Finding::rule).toList();
  }

  private static String withEnvironment(String line) {
    return """
    services:
      web:
        image: web:1
        healthcheck: {test: "true"}
        environment:
          %s
    """
        .formatted(line);
  }

  @Test
  void advisesAnImageOfTheReleaseWhereTheServiceIsBuiltUnderAFixedName() {
    assertThat(
            check(
                """
                services:
                  backend:
                    build: .
                    image: web
                    healthcheck: {test: "true"}
                """))
        .extracting(Finding::fix)
        .containsExactly("remove 'build:' and write 'image: ${REGISTRY:?}/backend:${TAG:?}'");
  }

  @Test
  void advisesNoImageThatSlipwayNeverPushes() {
    assertThat(
            check(
                """
                services:
                  worker: {build: ., healthcheck: {test: "true"}}
                """))
        .extracting(Finding::fix)
        .containsExactly(
            "remove 'build:' and give it an image of its own, or one that Slipway builds with another 'command' (it builds backend alone)");
  }

  @Test
  void advisesAHealthCheckThatTheServiceCanAnswer() {
    assertThat(check("services: {backend: {image: 'b:1', expose: [9000]}}"))
        .extracting(Finding::fix)
        .allMatch(fix -> fix.contains("curl, -fsS, \"http://127.0.0.1:9000/health\""));
    assertThat(check("services: {backend: {image: 'b:1'}}"))
        .extracting(Finding::fix)
        .allMatch(fix -> fix.contains("a 'test' of its own"));
  }

  @Test
  void advisesNoHttpToAServiceWithoutARole() {
    assertThat(check("services: {worker: {image: 'w:1', expose: [9000]}}"))
        .extracting(Finding::fix)
        .noneMatch(fix -> fix.contains("curl"));
  }

  @Test
  void findsPoliciesThatPullWhatWasProvedOnceMore() {
    String service =
        """
        services:
          backend:
            image: backend:1
            healthcheck: {test: "true"}
            pull_policy: %s
        """;

    assertThat(rules(service.formatted("always"))).containsExactly("pull-policy");
    assertThat(rules(service.formatted("build"))).containsExactly("pull-policy");
    assertThat(rules(service.formatted("missing"))).isEmpty();
    assertThat(rules(service.formatted("always").replace("backend:", "redis:"))).isEmpty();
  }

  @Test
  void takesAWorkerOnAnImageThatIsBuiltForWhatWasProved() {
    ComposeFile compose =
        ComposeFile.parse(
            "compose.yml",
            """
            services:
              backend:
                image: &same "${REGISTRY}/backend:${TAG:-latest}"
                healthcheck: {test: "true"}
              worker:
                image: *same
                healthcheck: {test: "true"}
                pull_policy: always
            """,
            Map.of("REGISTRY", "registry.example"));

    assertThat(
            ComposeContract.check(
                compose,
                Set.of("backend"),
                Set.of("backend", "worker"),
                Set.of(),
                Set.of("REGISTRY", "TAG")))
        .extracting(Finding::rule)
        .containsExactly("pull-policy");
  }

  @ParameterizedTest
  @CsvSource({
    "redis:latest, redis:<version>",
    "${R:?}/tools:${V:-latest}, ${R:?}/tools:<version>",
    "${R:?}/tools, ${R:?}/tools:<version>",
  })
  void advisesAVersionOfAnImageAsItIsWritten(String image, String pinned) {
    String service = "services: {cache: {image: '%s', healthcheck: {test: a}}}";
    ComposeFile compose =
        ComposeFile.parse("compose.yml", service.formatted(image), Map.of("R", "stand.in"));

    assertThat(ComposeContract.check(compose, Set.of(), Set.of(), Set.of(), Set.of()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).contains("'" + image + "'");
              assertThat(finding.fix())
                  .isEqualTo(
                      "write 'image: %s' with the version that runs today".formatted(pinned));
            });
  }

  @Test
  void findsWhatEveryComposeRefuses() {
    String file =
        """
        services:
          web:
            image: web:1
            healthcheck: {test: "true", interval: %s, timeout: "0", start_period: "${WAIT:-5}"}
            networks: [%s, default, "${NETWORK:-default}"]
            volumes: ["%s:/a", "/b:/b", "./c:/c", "/d", {type: tmpfs, target: /e}]
        networks: {front: {}}
        volumes: {kept: }
        """;

    assertThat(check(file.formatted("10", "back", "lost")))
        .extracting(finding -> finding.rule() + " " + finding.line() + " " + finding.fix())
        .containsExactly(
            "unit-missing 4 write 'interval: 10s'",
            "not-declared 5 write 'back:' under 'networks' at the top level",
            "not-declared 6 write 'lost:' under 'volumes' at the top level");
    assertThat(rules(file.formatted("\"10\"", "front", "kept"))).containsExactly("unit-missing");
    assertThat(check(file.formatted("10s", "front", "kept"))).isEmpty();
  }

  @Test
  void findsADatabaseWhosePasswordTheProofsCannotSee() {
    String service =
        """
        services:
          postgres:
            image: postgres:15
            healthcheck: {test: "true"}
            %s
        """;

    assertThat(rules(service.formatted("env_file: .env"))).containsExactly("variables-unseen");
    assertThat(rules(service.formatted("environment: {POSTGRES_PASSWORD_FILE: /run/secrets/x}")))
        .containsExactly("variables-unseen");
    assertThat(rules(service.formatted("environment: {POSTGRES_PASSWORD: '${X:?}'}"))).isEmpty();
  }

  @Test
  void advisesWhereAServicesVariablesAreInAFileThatIsNotCommitted() {
    Map<String, String> files = new HashMap<>();
    files.put("backend/Dockerfile", "");
    files.put("backend/alembic.ini", "");
    files.put("slipway.yml", "services: {redis: none, frontend: none, edge: none}");
    files.put("known.env", "POSTGRES_PASSWORD=x");
    files.put("like.env.example", "LEVEL=info");
    files.put(
        "docker-compose.prod.yml",
        """
        services:
          postgres: {image: "postgres:15", env_file: known.env, healthcheck: {test: "true"}}
          backend: {image: "b:1", env_file: [known.env, unknown.env, like.env], healthcheck: {test: "true"}}
        """);
    ComposeFile compose = PlatformFile.parse(PlatformSource.of(files), Map.of()).compose();

    assertThat(
            ComposeContract.check(
                compose, Set.of("backend"), Set.of("backend"), Set.of(), Set.of()))
        .extracting(Finding::toString)
        .containsExactly(
            "docker-compose.prod.yml:3 variables-unseen service 'backend' has variables from unknown.env, which is not committed, so that proofs that start it alone do not have them; commit unknown.env.example beside it, or write those that it needs under 'environment' as ${NAME:?}");
  }

  @Test
  void findsSecretsOfConfigsAndHealthChecks() {
    assertThat(
            check(
                """
                services:
                  redis:
                    image: redis:7.0
                    healthcheck:
                      test: ["CMD", "redis-cli", "-a", "swordfish", "ping"]
                configs:
                  ini: {content: "user = app\\npassword = swordfish"}
                  redis: {content: "requirepass swordfish"}
                  url: {content: "url: redis://:swordfish@redis/0"}
                  safe: {content: "password = ${PW:?}\\nrequirepass $$PW"}
                """))
        .extracting(finding -> finding.rule() + " " + finding.line())
        .containsExactly(
            "secret-in-compose 5",
            "secret-in-compose 7",
            "secret-in-compose 8",
            "secret-in-compose 9");
  }

  @Test
  void leavesWhatAShellPutsInAlone() {
    assertThat(
            rules(
                """
                services:
                  redis:
                    image: redis:7.0
                    command: sh -c 'redis-server --requirepass "$$REDIS_PASSWORD"'
                    healthcheck: {test: redis-cli -a "$$REDIS_PASSWORD" ping}
                """))
        .isEmpty();
  }

  @Test
  void findsEveryFaultWithItsLineAndFix() {
    List<Finding> findings =
        check(
            """
            services:
              backend:
                build: ./backend
                image: ${REGISTRY}/backend:${TAG}
                container_name: api
                command: sh -c "alembic upgrade head && uvicorn app:app"
                healthcheck: {test: "true"}
                environment:
                  SECRET_KEY: swordfish
                  MODE: ${MODE}
                depends_on: [postgres]
              postgres:
                image: postgres
                healthcheck: {test: "true"}
              redis:
                image: redis:latest
                healthcheck: {disable: true}
            """);

    assertThat(findings)
        .extracting(finding -> finding.severity() + " " + finding)
        .containsExactly(
            "ERROR compose.yml:3 build-in-production service 'backend' would be built on the server, so what runs is not what was tested; remove 'build:' and write 'image: ${REGISTRY}/backend:${TAG}'",
            "ADVICE compose.yml:5 container-name service 'backend' has the fixed name 'api', so no second copy can run beside it; remove 'container_name: api'",
            "ERROR compose.yml:6 migrates-at-start service 'backend' migrates the schema whenever it starts; take 'alembic upgrade' out of its 'command'; the deployment runs it once, before the swap",
            "ERROR compose.yml:9 secret-in-compose service 'backend': 'SECRET_KEY' has a literal value; write ${SECRET_KEY:?set SECRET_KEY in .env} instead, and SECRET_KEY=… in the .env on the server",
            "ERROR compose.yml:10 unset-variable 'MODE' is set nowhere; compose would silently use an empty string; write ${MODE:?set MODE in .env}, or MODE=… in .env.example",
            "ADVICE compose.yml:11 depends-on-not-healthy service 'backend' starts before 'postgres' is healthy, though that has a health check; write 'depends_on: {postgres: {condition: service_healthy}}'",
            "ERROR compose.yml:13 image-not-pinned service 'postgres' runs whatever 'postgres' is on the day it is pulled; write 'image: postgres:<version>' with the version that runs today",
            "ERROR compose.yml:15 missing-healthcheck service 'redis' has no health check, so nobody waits until it is ready; write 'healthcheck: {test: [CMD, redis-cli, ping], interval: 5s, timeout: 3s, retries: 10}'",
            "ERROR compose.yml:16 image-not-pinned service 'redis' runs whatever 'redis:latest' is on the day it is pulled; write 'image: redis:<version>' with the version that runs today");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTGRES_PASSWORD: swordfish",
        "POSTGRES_PASSWORD: 12345",
        "- API_KEY=swordfish",
        "- \"API_KEY=${API_KEY:-swordfish}\"",
        "PASSWORD: ${X:-swordfish}",
        "PASSWORD: ${X-${Y:-swordfish}}",
        "ANYTHING: ${DB_PASSWORD:-swordfish}",
        "JWT_SECRET: pre${X:?}swordfish",
        "DATABASE_URL: postgresql://app:swordfish@db:5432/app",
        "DATABASE_URL: postgresql+psycopg://${USER:?}:swordfish@db/app",
        "DATABASE_URL: postgresql://app:${PW:-swordfish}@db/app",
        "CELERY: redis://:swordfish@redis:6379/0",
        "PGPASSWORD: swordfish",
        "POSTGRESPASSWORD: swordfish",
        "REDISCLI_AUTH: swordfish",
        "DB_PW: swordfish",
        "DBPASS: swordfish",
        "FERNET_KEY: swordfish",
      })
  void findsSecretsWithoutShowingThem(String line) {
    List<Finding> findings = check(withEnvironment(line));

    assertThat(findings).extracting(Finding::rule).containsExactly("secret-in-compose");
    assertThat(findings).extracting(Finding::line).containsExactly(6);
    assertThat(findings.toString()).doesNotContain("swordfish", "12345");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}",
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-}",
        "POSTGRES_PASSWORD:",
        "POSTGRES_PASSWORD: ''",
        "- POSTGRES_PASSWORD",
        "POSTGRES_PASSWORD_FILE: /run/secrets/password",
        "USE_TOKEN: true",
        "DATABASE_URL: postgresql://app:${PW:?}@db:5432/app",
        "DATABASE_URL: postgresql://app@db:5432/app",
        "REDIS_URL: redis://redis:6379/0",
        "CORS: https://a.example:8443/x@y",
      })
  void leavesReferencesAlone(String line) {
    assertThat(rules(withEnvironment(line))).isEmpty();
  }

  @Test
  void findsSecretsOfCommandsAndBuildArguments() {
    assertThat(
            check(
                """
                services:
                  redis:
                    image: redis:7.0
                    command: [redis-server, --requirepass, swordfish]
                    healthcheck: {test: redis-cli ping}
                  safe:
                    image: redis:7.0
                    command: redis-server --requirepass ${REDIS_PASSWORD:?}
                    healthcheck: {test: redis-cli ping}
                """))
        .extracting(Finding::rule, Finding::line)
        .containsExactly(org.assertj.core.api.Assertions.tuple("secret-in-compose", 4));
    assertThat(
            rules(
                "services: {backend: {build: {context: ., args: {NPM_TOKEN: x}}, healthcheck: {test: a}}}"))
        .containsExactlyInAnyOrder("build-in-production", "secret-in-compose");
  }

  @Test
  void saysHowSlipwayBuildsWhatComposeNoLongerDoes() {
    assertThat(
            check(
                "services: {backend: {build: {context: ., dockerfile: Dockerfile.prod, target: prod}, healthcheck: {test: a}}}"))
        .extracting(Finding::fix)
        .containsExactly(
            "remove 'build:' and write 'image: ${REGISTRY:?}/backend:${TAG:?}'; name 'Dockerfile.prod' with 'dockerfiles' in slipway.yml; Slipway builds the last stage, so let that be 'prod'");
  }

  @Test
  void spotsOneFaultEachInMergedServicesAtTheLineOfTheAnchor() {
    assertThat(
            check(
                """
                x-env: &env
                  TOKEN: swordfish
                services:
                  a: {image: "a:1", healthcheck: {test: "true"}, environment: *env}
                  b: {image: "b:1", healthcheck: {test: "true"}, environment: {<<: *env}}
                """))
        .extracting(Finding::line)
        .containsExactly(2, 2);
  }

  @Test
  void asksNoHealthCheckOfWhatEndsByItself() {
    assertThat(
            rules(
                """
                services:
                  job: {image: "job:1", restart: "no"}
                  tool: {image: "tool:1", profiles: [debug]}
                  init: {image: "init:1"}
                  web:
                    image: web:1
                    healthcheck: {test: "true"}
                    depends_on: {init: {condition: service_completed_successfully}}
                """))
        .isEmpty();
  }

  @Test
  void acceptsDigestsDefaultsAndKnownVariables() {
    String digest = "sha256:" + "a".repeat(64);
    assertThat(
            rules(
                """
                services:
                  a: {image: "a@%s", healthcheck: {test: a}}
                  b: {image: "b:${B_TAG:-1}", healthcheck: {test: a}}
                  c: {image: "${REGISTRY}/c:${TAG}", healthcheck: {test: a}}
                  d: {image: "d:1", healthcheck: {test: a}, command: "${X:?} $X ${Y+z} ${U:+x${U}}"}
                """
                    .formatted(digest)))
        .isEmpty();
  }

  @Test
  void findsMigrationsInEntryPointsAndLists() {
    assertThat(
            rules(
                """
                services:
                  a: {image: "a:1", healthcheck: {test: a}, entrypoint: [python, -m, alembic, upgrade, head]}
                  b: {image: "b:1", healthcheck: {test: a}, command: [alembic, current]}
                """))
        .containsExactly("migrates-at-start");
  }
}
