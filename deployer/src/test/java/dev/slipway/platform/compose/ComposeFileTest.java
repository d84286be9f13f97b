package dev.slipway.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.image.ImageReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeFileTest {

  private static final String FILE = "docker-compose.prod.yml";

  private static ComposeFile parse(String text) {
    return ComposeFile.parse(FILE, text, Map.of("REGISTRY", "registry.example/p", "TAG", "1"));
  }

  private static ServiceSpec service(ComposeFile compose, String name) {
    return Objects.requireNonNull(compose.services().get(name));
  }

  private static String refusal(String text) {
    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> parse(text));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refused.what();
  }

  @Test
  void readsShortAndLongSyntaxAlike() {
    ComposeFile compose =
        parse(
            """
            version: "3.8"
            services:
              short:
                image: ${REGISTRY:?}/backend:${TAG:?}
                command: uvicorn app:app
                container_name: one
                user: "1000"
                restart: always
                stop_grace_period: 1m30s
                environment: [A=1, B, "C=x=y", "D=${TAG}"]
                ports: ["80:8080", 9000]
                expose: [8000]
                depends_on: [long]
                volumes: ["data:/data:ro"]
                healthcheck: {test: curl -f localhost, start_period: 1m10s}
                working_dir: /srv/app
              long:
                image: postgres:15
                build: .
                command: [uvicorn, "app:app"]
                environment: {A: 1, B: , C: x=y, D: "${TAG}"}
                ports:
                  - {target: 8080, published: "80", host_ip: 127.0.0.1, protocol: tcp}
                volumes:
                  - {type: bind, source: ./x, target: /x, read_only: true}
                healthcheck: {disable: true}
              third:
                image: redis
                profiles: [debug]
                healthcheck: {test: [NONE]}
                depends_on:
                  long: {condition: service_healthy}
                  short: {condition: service_completed_successfully}
            """);
    ServiceSpec brief = service(compose, "short");
    ServiceSpec verbose = service(compose, "long");
    ServiceSpec third = service(compose, "third");

    assertThat(compose.services().keySet()).containsExactly("short", "long", "third");
    assertThat(brief.imageTemplate()).contains("${REGISTRY:?}/backend:${TAG:?}");
    assertThat(brief.image()).contains(ImageReference.parse("registry.example/p/backend:1"));
    assertThat(brief.environment()).isEqualTo(verbose.environment());
    assertThat(brief.environment())
        .containsEntry("B", Optional.empty())
        .containsEntry("C", Optional.of("x=y"))
        .containsEntry("D", Optional.of("1"));
    assertThat(brief.command())
        .isEqualTo(verbose.command())
        .contains(List.of("uvicorn", "app:app"));
    assertThat(brief.ports()).extracting(PortMapping::target).containsExactly(8080, 9000);
    assertThat(brief.containerPorts()).containsExactly(8080, 9000, 8000);
    assertThat(verbose.ports())
        .containsExactly(new PortMapping(Optional.of("127.0.0.1"), Optional.of(80), 8080, "tcp"));
    assertThat(brief.containerName()).contains("one");
    assertThat(brief.user()).contains("1000");
    assertThat(brief.workingDirectory()).contains("/srv/app");
    assertThat(brief.startPeriod()).contains(Duration.ofSeconds(70));
    assertThat(brief.restart()).contains("always");
    assertThat(brief.volumes())
        .containsExactly(new VolumeMount("volume", Optional.of("data"), "/data", true));
    assertThat(verbose.volumes())
        .containsExactly(new VolumeMount("bind", Optional.of("./x"), "/x", true));
    assertThat(List.of(brief.healthcheck(), verbose.healthcheck(), third.healthcheck()))
        .containsExactly(true, false, false);
    assertThat(List.of(brief.build(), verbose.build())).containsExactly(false, true);
    assertThat(brief.dependsOn()).containsEntry("long", Dependency.SERVICE_STARTED);
    assertThat(third.dependsOn())
        .containsEntry("long", Dependency.SERVICE_HEALTHY)
        .containsEntry("short", Dependency.SERVICE_COMPLETED_SUCCESSFULLY);
    assertThat(third.profiles()).containsExactly("debug");
    assertThat(List.of(brief.line(), verbose.line())).containsExactly(3, 17);
  }

  @Test
  void readsTheWordsOfCommandsInBothSyntaxes() {
    ComposeFile compose =
        parse(
            """
            services:
              list:
                image: redis:7.0
                entrypoint: []
                command: [sh, -c, 'exec redis-server --requirepass "$$REDIS_PASSWORD"']
              text:
                image: redis:7.0
                command: sh -c 'exec redis-server  --requirepass "$$REDIS_PASSWORD"' "a \\"b\\" \\c" d\\ e ''
            """);

    assertThat(service(compose, "list").entrypoint()).contains(List.of());
    assertThat(service(compose, "list").command())
        .contains(List.of("sh", "-c", "exec redis-server --requirepass \"$REDIS_PASSWORD\""));
    assertThat(service(compose, "text").entrypoint()).isEmpty();
    assertThat(service(compose, "text").command())
        .contains(
            List.of(
                "sh",
                "-c",
                "exec redis-server  --requirepass \"$REDIS_PASSWORD\"",
                "a \"b\" \\c",
                "d e",
                ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "uvicorn app:app --port 9000 | 9000",
        "uvicorn --port=9000 app:app | 9000",
        "[gunicorn, --bind, \"0.0.0.0:9000\", app:app] | 9000",
        "sh -c 'exec gunicorn -b :9000 app:app' | 9000",
        "sh -c 'exec uvicorn app:app --port ${PORT:-9000}' | 9000",
        "celery --app app worker --concurrency 4 | ",
        "uvicorn app:app --port-range 9000 | ",
      })
  void knowsThePortThatACommandNames(String command, @Nullable Integer port) {
    ComposeFile compose =
        parse("services:\n  web:\n    image: web:1\n    command: %s\n".formatted(command));

    assertThat(service(compose, "web").containerPorts())
        .isEqualTo(port == null ? List.of() : List.of(port));
  }

  @Test
  void resolvesAnchorsAndMergeKeys() {
    ComposeFile compose =
        parse(
            """
            x-base: &base
              restart: always
              healthcheck: {test: "true"}
              environment: &env {A: "1", B: "2"}
            x-other: &other {user: app, restart: "no"}
            services:
              web:
                <<: [*base, *other]
                image: web:1
                environment:
                  <<: *env
                  B: "3"
            """);
    ServiceSpec web = service(compose, "web");

    assertThat(web.restart()).contains("always");
    assertThat(web.user()).contains("app");
    assertThat(web.healthcheck()).isTrue();
    assertThat(web.environment()).isEqualTo(Map.of("A", Optional.of("1"), "B", Optional.of("3")));
  }

  @Test
  void listsEveryVariableWithItsUsesAndLines() {
    ComposeFile compose =
        parse(
            """
            services:
              web:
                image: ${REGISTRY:?}/web:${TAG:-${FALLBACK}}
                command: "$PLAIN $$NOT ${PLAIN:-d}"
                environment: ["E=${WITH+x}"]
            """);

    assertThat(compose.variables())
        .extracting(each -> each.name() + " " + each.uses())
        .containsExactly(
            "REGISTRY [Use[kind=REQUIRED, line=3]]",
            "TAG [Use[kind=DEFAULTED, line=3]]",
            "FALLBACK [Use[kind=PLAIN, line=3]]",
            "PLAIN [Use[kind=PLAIN, line=4], Use[kind=DEFAULTED, line=4]]",
            "WITH [Use[kind=REPLACED, line=5]]");
    assertThat(compose.variables().get(0).required()).isTrue();
    assertThat(compose.variables().stream().filter(Variable::optional).map(Variable::name))
        .containsExactly("TAG", "WITH");
  }

  @Test
  void leavesAnImageOpenWhileItsVariablesAreUnset() {
    ComposeFile compose =
        ComposeFile.parse(FILE, "services: {web: {image: '${REGISTRY:?}/web:${TAG:?}'}}", Map.of());

    assertThat(service(compose, "web").image()).isEmpty();
    assertThat(service(compose, "web").imageTemplate()).contains("${REGISTRY:?}/web:${TAG:?}");
  }

  @Test
  void knowsTheLineOfAnything() {
    ComposeFile compose =
        parse(
            """
            services:
              web:
                image: web:1
                environment:
                  - A=1
                  - B=2
                depends_on:
                  db:
                    condition: service_started
              db: {image: "postgres:15"}
            """);

    assertThat(compose.lineOf("services", "web", "environment", "B")).isEqualTo(6);
    assertThat(compose.lineOf("services", "web", "environment", "Z")).isEqualTo(4);
    assertThat(compose.lineOf("services", "web", "depends_on", "db")).isEqualTo(8);
    assertThat(compose.lineOf("services", "nobody")).isEqualTo(1);
  }

  @Test
  void reportsEveryProblemAtOnce() {
    assertThat(
            refusal(
                """
                services:
                  web:
                    image: "Not An Image"
                    ports: ["a:b", {published: 80}]
                    depends_on: [bd]
                    environment: [A=1, "B=$ x"]
                    stop_grace_period: soon
                  db:
                    ports: 80
                  other: nothing
                """))
        .isEqualTo(
            """
            9 problems:
              docker-compose.prod.yml:6: '$' is not followed by the name of a variable; write '$$' for a plain dollar sign
              docker-compose.prod.yml:2: service 'web': stop_grace_period must be a duration such as 30s, found 'soon'
              docker-compose.prod.yml:3: service 'web': not an image reference: 'Not An Image' (not an image's repository (lower case letters, digits, . _ - and /): 'Not An Image')
              docker-compose.prod.yml:4: service 'web': port 'a:b': not a port mapping
              docker-compose.prod.yml:4: service 'web': port: not a port or a range: ''
              docker-compose.prod.yml:8: service 'db' has no image; write 'image: name:tag' (Slipway reads one compose file; 'docker compose config' makes one of several)
              docker-compose.prod.yml:9: 'ports' must be a list, found a number
              docker-compose.prod.yml:10: 'other' must be a mapping with 'image' and more, found text
              docker-compose.prod.yml:2: service 'web' depends on 'bd', which does not exist; did you mean 'db'?""");
  }

  @Test
  void readsWhatComposeTakesForTrue() {
    for (String yes : List.of("true", "True", "yes", "ON", "'yes'")) {
      ServiceSpec web =
          service(
              parse(
                  """
                  services:
                    web:
                      image: a
                      healthcheck: {test: "true", disable: %1$s}
                      volumes: [{type: bind, source: ., target: /x, read_only: %1$s}]
                  """
                      .formatted(yes)),
              "web");
      assertThat(web.healthcheck()).as(yes).isFalse();
      assertThat(web.volumes()).as(yes).allMatch(VolumeMount::readOnly);
    }
    assertThat(
            service(
                    parse("services: {web: {image: a, healthcheck: {test: a, disable: no}}}"),
                    "web")
                .healthcheck())
        .isTrue();
  }

  @Test
  void namesTheVariableWhoseValueMakesNoPortOrName() {
    String text =
        "services: {web: {image: a, ports: ['${HTTP_PORT:?}:80', {target: '${HTTP_PORT:?}'}]}}";
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () -> ComposeFile.parse(FILE, text, Map.of("HTTP_PORT", "s1f2e3")));

    assertThat(refused.what())
        .contains(
            "the value of HTTP_PORT makes no port; write HTTP_PORT=8080 or the like into .env.example")
        .doesNotContain("s1f2e3");
    assertThat(service(parse(text), "web").ports()).as("known only later").hasSize(1);
    assertThat(refusal("name: ${PROJ:?}\nservices: {web: {image: a}}"))
        .contains(":1: 'name' is '${PROJ:?}', which has no value here");
  }

  @Test
  void readsPortsWithAnEmptyAddressAndUpperCase() {
    assertThat(
            service(parse("services: {web: {image: a, ports: ['${BIND:-}:80:8080/TCP']}}"), "web")
                .ports())
        .containsExactly(new PortMapping(Optional.empty(), Optional.of(80), 8080, "tcp"));
  }

  @Test
  void refusesHostileYaml() {
    assertThat(refusal(""))
        .isEqualTo("docker-compose.prod.yml: has no services; write them under 'services:'");
    assertThat(refusal("# nothing\n")).contains("has no services");
    assertThat(refusal("services:\n")).contains("has no services");
    assertThat(refusal("services: {}")).contains("has no services");
    assertThat(refusal("web: {image: x}")).contains("has no services");
    assertThat(refusal("- a\n- b\n")).contains(":1: expected 'key: value' at the top", "a list");
    assertThat(refusal("just text")).contains("expected 'key: value'");
    assertThat(refusal("services:\n\tweb:\n")).contains("invalid YAML at line 2, column 1");
    assertThat(refusal("services: [")).contains("invalid YAML at line 1");
    assertThat(refusal("services: {web: {image: a}}\n---\na: b\n"))
        .contains("invalid YAML at line 2");
    assertThat(refusal("services: {web: *missing}")).contains("undefined alias missing");
    assertThat(refusal("services: &s {web: *s}")).contains("contains itself");
    assertThat(refusal("services: {? [a, b] : c}")).contains("a key must be plain text");
    assertThat(refusal("services: {web: {<<: text, image: a}}")).contains("'<<' merges a mapping");
    assertThat(refusal("services: " + "[".repeat(1_000))).contains("invalid YAML");
    assertThat(refusal("services: {web: {image: a\u0007}}")).contains("invalid YAML");
    assertThat(refusal("a: " + "x".repeat(4_000_000))).contains("larger than 1000000");
    assertThat(refusal("include: [a.yml]\nservices: {web: {image: a}}")).contains("'include'");
    assertThat(refusal("services: {web: {extends: base}}")).contains("'extends'");
    assertThat(refusal("services:\n  web: {image: a, ports: !reset []}"))
        .contains(":2: '!reset' means something only where compose merges several files");
  }

  @Test
  void refusesNamesThatACommandCouldTakeForAnOption() {
    SlipwayException refused =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                ComposeFile.parse(
                    FILE,
                    "name: --file\nservices: {--help: {image: a}, a;b: {image: a}}",
                    Map.of()));

    assertThat(refused.what())
        .contains(
            "'name' must be a project name",
            "'--help' is no name for a service",
            "'a;b' is no name for a service");
  }

  @Test
  void refusesDuplicateKeysWithBothLines() {
    assertThat(refusal("services:\n  web:\n    image: a\n    image: b\n"))
        .isEqualTo("docker-compose.prod.yml:4: duplicate key 'image', first on line 3");
  }

  @Test
  void refusesAliasesThatExplode() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 9; level++) {
      String alias = "*a" + (level - 1);
      text.append(
          "a%d: &a%d [%s]\n"
              .formatted(
                  level,
                  level,
                  String.join(", ", List.of(alias, alias, alias, alias, alias, alias))));
    }

    assertThat(refusal(text.toString())).contains("its aliases expand to more than 100000 values");
  }

  @Test
  void refusesToRewriteAServiceThatIsNotThere() {
    ComposeFile compose = parse("services: {web: {image: a}}");

    assertThatThrownBy(
            () ->
                compose.rewritten(
                    new ComposeRewrite(Map.of("x", "y"), java.util.Set.of(), Map.of(), Map.of())))
        .hasMessageContaining("no service 'x'");
  }
}
