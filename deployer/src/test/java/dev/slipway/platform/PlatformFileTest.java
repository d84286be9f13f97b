package dev.slipway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.platform.compose.PortMapping;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.platform.compose.Variable;
import dev.slipway.platform.contract.ComposeContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlatformFileTest {

  private static final String COMPOSE =
      """
      services:
        postgres: {image: "postgres:15"}
        redis: {image: "redis:7.0"}
        backend: {image: "${REGISTRY:?}/backend:${TAG:?}"}
        frontend: {image: "${REGISTRY:?}/frontend:${TAG:?}"}
        nginx: {image: "${REGISTRY:?}/nginx:${TAG:?}", ports: ["53:53/udp", "${HTTP_PORT:-80}:8080"]}
      """;

  private static Map<String, String> files() {
    Map<String, String> files = new HashMap<>();
    files.put("docker-compose.prod.yml", COMPOSE);
    files.put("backend/Dockerfile", "");
    files.put("backend/alembic.ini", "");
    files.put("frontend/Dockerfile", "");
    files.put("nginx/Dockerfile", "");
    return files;
  }

  private static Platform parse(Map<String, String> files) {
    return PlatformFile.parse(PlatformSource.of(files), Map.of());
  }

  private static String refusal(Map<String, String> files) {
    SlipwayException refused = catchThrowableOfType(SlipwayException.class, () -> parse(files));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    return refused.what();
  }

  @Test
  void knowsAPlatformByTheConventions() {
    Platform platform = parse(files());

    assertThat(platform.name()).isEqualTo("platform-v2");
    assertThat(platform.serverDirectory()).isEqualTo("/opt/platform-v2");
    assertThat(platform.compose().file()).isEqualTo("docker-compose.prod.yml");
    assertThat(platform.built())
        .extracting(each -> each.role() + " " + each.name() + " " + each.folder())
        .containsExactly(
            "BACKEND backend backend", "FRONTEND frontend frontend", "EDGE nginx nginx");
    assertThat(platform.backend().name()).isEqualTo("backend");
    assertThat(platform.entry().name()).isEqualTo("nginx");
    assertThat(platform.entryPort()).map(PortMapping::target).contains(8080);
    assertThat(platform.entryPort().flatMap(PortMapping::published)).contains(80);
    assertThat(platform.service(Role.REDIS)).map(ServiceSpec::name).contains("redis");
    assertThat(platform.variables())
        .extracting(Variable::name)
        .containsExactly("REGISTRY", "TAG", "HTTP_PORT");
  }

  @Test
  void describesAPlatformThatDiffers() {
    Platform platform =
        parse(
            Map.of(
                "slipway.yml",
                """
                compose-file: compose.yml
                services: {backend: api, edge: none, redis: none, postgres: db}
                folders: {backend: ., frontend: none}
                migrations: {directory: /app/src/db}
                server: {directory: /srv/My.Shop}
                """,
                "compose.yml",
                "services: {api: {image: a, ports: ['8000']}, db: {image:"
                    + " 'pgvector/pgvector:pg16'}}",
                "Dockerfile",
                "",
                "src/db/alembic.ini",
                ""));

    assertThat(platform.name()).isEqualTo("myshop");
    assertThat(platform.built()).extracting(BuiltService::name).containsExactly("api");
    assertThat(platform.entry().name()).isEqualTo("api");
    assertThat(platform.service(Role.FRONTEND)).isEmpty();
    assertThat(platform.service(Role.EDGE)).isEmpty();
  }

  @Test
  void knowsWhereThePagesAreThatAnotherServicesImageHas() {
    Map<String, String> files = files();
    files.remove("frontend/Dockerfile");
    files.put("Dockerfile", "");
    files.put("web/package.json", "{}");
    files.put("slipway.yml", "services: {frontend: none}\nfolders: {frontend: web, edge: .}\n");

    Platform platform = parse(files);

    assertThat(platform.pageSources()).contains("web");
    assertThat(platform.pageBuilder()).map(BuiltService::name).contains("nginx");
    assertThat(platform.built())
        .extracting(BuiltService::role)
        .containsExactly(Role.BACKEND, Role.EDGE);
    assertThat(parse(files()).pageSources()).contains("frontend");
    assertThat(parse(files()).pageBuilder()).map(BuiltService::name).contains("frontend");
  }

  @Test
  void hasNoPagesWithoutAFrontendOrAFolderOfTheirs() {
    Map<String, String> files = files();
    files.put("slipway.yml", "services: {frontend: none}\n");

    assertThat(parse(files).pageSources()).isEmpty();
    assertThat(parse(files).pageBuilder()).isEmpty();
  }

  @Test
  void refusesAFolderOfPagesThatIsNone() {
    Map<String, String> files = files();
    files.put("slipway.yml", "services: {frontend: none}\nfolders: {frontend: web}\n");

    assertThat(refusal(files))
        .isEqualTo(
            "web/package.json: there is no such file; name the folder of the pages' sources with 'folders.frontend' in slipway.yml, or take that out where the platform has none");
  }

  @Test
  void takesADockerfileByAnotherName() {
    Map<String, String> files = files();
    files.remove("backend/Dockerfile");
    assertThat(refusal(files))
        .isEqualTo(
            "backend/Dockerfile: there is no such file; name the folder with 'folders.backend' in slipway.yml, or none if Slipway does not build it");

    files.put(
        "docker-compose.prod.yml",
        COMPOSE.replace(
            "backend: {",
            "backend: {build: {context: ., dockerfile: docker/backend.Dockerfile}, "));
    assertThat(refusal(files))
        .startsWith(
            "backend/Dockerfile: there is no such file; name the folder with 'folders.backend'")
        .endsWith(
            ", and with 'dockerfiles.backend' what the compose file builds it by: 'docker/backend.Dockerfile'");

    files.put(
        "slipway.yml", "folders: {backend: .}\ndockerfiles: {backend: docker/backend.Dockerfile}");
    files.put("alembic.ini", "");
    assertThat(refusal(files)).startsWith("docker/backend.Dockerfile: there is no such file");

    files.put("docker/backend.Dockerfile", "");
    assertThat(parse(files).built(Role.BACKEND))
        .map(BuiltService::dockerfile)
        .contains("docker/backend.Dockerfile");
    assertThat(parse(files).built(Role.EDGE)).map(BuiltService::dockerfile).contains("Dockerfile");
  }

  @Test
  void asksForANameWhereTheFolderGivesNone() {
    Map<String, String> files = files();
    files.put("slipway.yml", "server: {directory: /opt/ü}");
    assertThat(refusal(files))
        .isEqualTo(
            "slipway.yml: 'name' is missing: '/opt/ü' (server.directory) gives the compose project"
                + " no name");

    files.put("slipway.yml", "server: {directory: /opt/ü}\nname: shop");
    assertThat(parse(files).name()).isEqualTo("shop");
  }

  @Test
  void refusesARoleWhoseServiceComposeLeavesOut() {
    Map<String, String> files = files();
    files.put(
        "docker-compose.prod.yml",
        COMPOSE
            .replace("/frontend:${TAG:?}\"", "/frontend:${TAG:?}\", profiles: [web]")
            .replace("\"redis:7.0\"", "\"redis:7.0\", profiles: [cache]"));

    assertThat(refusal(files))
        .isEqualTo(
            "docker-compose.prod.yml:5: compose leaves service 'frontend' out unless its profile is"
                + " named; take its 'profiles' out");
  }

  @Test
  void prefersTheNameThatIsSaid() {
    Map<String, String> files = files();
    files.put("docker-compose.prod.yml", "name: from-compose\n" + COMPOSE);
    assertThat(parse(files).name()).isEqualTo("from-compose");

    files.put("slipway.yml", "name: from-slipway");
    assertThat(parse(files).name()).isEqualTo("from-slipway");
  }

  @Test
  void reportsEverythingMissingAtOnce() {
    assertThat(
            refusal(
                Map.of(
                    "docker-compose.prod.yml",
                    "services: {backnd: {image: a}, cache: {image: b}}",
                    "slipway.yml",
                    "migrations: {directory: /app/db}\nservices: {postgres: none}")))
        .isEqualTo(
            """
            8 problems:
              docker-compose.prod.yml: has no service 'backend'; did you mean 'backnd'? (name it with 'services.backend' in slipway.yml)
              docker-compose.prod.yml: has no service 'frontend'; known: backnd, cache (name it with 'services.frontend' in slipway.yml, or none if the platform has none)
              docker-compose.prod.yml: has no service 'nginx'; known: backnd, cache (name it with 'services.edge' in slipway.yml, or none if the platform has none)
              docker-compose.prod.yml: has no service 'redis'; known: backnd, cache (name it with 'services.redis' in slipway.yml, or none if the platform has none)
              backend/Dockerfile: there is no such file; name the folder with 'folders.backend' in slipway.yml, or none if Slipway does not build it
              frontend/Dockerfile: there is no such file; name the folder with 'folders.frontend' in slipway.yml, or none if Slipway does not build it
              nginx/Dockerfile: there is no such file; name the folder with 'folders.edge' in slipway.yml, or none if Slipway does not build it
              backend: there is no alembic.ini; looked for backend/app/db/alembic.ini, backend/db/alembic.ini, backend/alembic.ini (say where it is with 'migrations.directory' in slipway.yml)\
            """);
  }

  @Test
  void takesAlembicsSettingsFromAPyproject() {
    Map<String, String> files = files();
    files.remove("backend/alembic.ini");
    files.put("backend/pyproject.toml", "[tool.alembic]\nscript_location = \"migrations\"\n");
    assertThat(parse(files).name()).isEqualTo("platform-v2");
  }

  @Test
  void reportsProblemsOfBothFilesTogether() {
    Map<String, String> files = files();
    files.put("slipway.yml", "nmae: x");
    files.put("docker-compose.prod.yml", "services:\n\tx: y\n");

    assertThat(refusal(files))
        .contains(
            "2 problems", "slipway.yml:1: unknown key 'nmae'", "invalid YAML at line 2, column 1");
  }

  @Test
  void pointsToTheComposeFileThatIsThere() {
    Map<String, String> files = files();
    files.remove("docker-compose.prod.yml");
    assertThat(refusal(files))
        .isEqualTo(
            "docker-compose.prod.yml: there is no such file; name the compose file with"
                + " 'compose-file' in slipway.yml");

    files.put("docker-compose.yml", COMPOSE);
    assertThat(refusal(files))
        .endsWith(
            "there is docker-compose.yml: write 'compose-file: docker-compose.yml' in slipway.yml");
  }

  @Test
  void refusesAPlatformWithoutBackendOrWithOneServiceForTwoRoles() {
    Map<String, String> files = files();
    files.put("slipway.yml", "services: {backend: none, redis: postgres}");

    assertThat(refusal(files))
        .contains("'services.backend' cannot be none")
        .contains("'services.postgres' and 'services.redis' are both 'postgres'");
  }

  @Test
  void followsTheConfigurationNamedInTheCommand() {
    Map<String, String> files = files();
    files.remove("backend/alembic.ini");
    files.put("backend/db/other.ini", "");
    files.put("slipway.yml", "migrations: {command: [alembic, -c, db/other.ini]}");

    assertThat(parse(files).migrations().command())
        .containsExactly("alembic", "-c", "db/other.ini");
  }

  private static Map<String, Optional<String>> variables(String backend, Map<String, String> env) {
    Map<String, String> files = files();
    files.put("slipway.yml", "compose-file: deploy/prod.yml");
    files.put(
        "deploy/prod.yml",
        COMPOSE.replace("backend: {image: ", "backend: {" + backend + ", image: "));
    files.put("deploy/env/one.env", "A=1\nB=one\nC=$A-${TAG}\nD='$A'\n");
    files.put("two.env", "B=two\n");
    files.remove("docker-compose.prod.yml");
    return PlatformFile.parse(PlatformSource.of(files), env).backend().environment();
  }

  @Test
  void takesVariablesOfCommittedFilesAsComposeDoes() {
    Map<String, String> known = Map.of("TAG", "7");

    assertThat(variables("env_file: ./env/one.env", known))
        .isEqualTo(
            Map.of(
                "A", Optional.of("1"),
                "B", Optional.of("one"),
                "C", Optional.of("1-7"),
                "D", Optional.of("$A")));
    assertThat(
            variables(
                "env_file: [env/one.env, {path: ../two.env, required: false}], environment: [A=2]",
                known))
        .containsEntry("A", Optional.of("2"))
        .containsEntry("B", Optional.of("two"))
        .containsEntry("C", Optional.of("1-7"));
    assertThat(variables("env_file: env/$TAG.env", Map.of("TAG", "one")))
        .containsEntry("C", Optional.of("1-one"));
  }

  @Test
  void takesForDotenvTheVariablesOfTheComposeFile() {
    assertThat(variables("env_file: .env, environment: {A: '2'}", Map.of("A", "1", "TAG", "7")))
        .isEqualTo(Map.of("A", Optional.of("2"), "TAG", Optional.of("7")));
  }

  @Test
  void knowsWhichFilesOnlyTheServerHas() {
    Map<String, String> files = files();
    files.put(
        "docker-compose.prod.yml",
        COMPOSE.replace(
            "{image: \"${REGISTRY:?}/backend:${TAG:?}\"}",
            "{image: b, env_file: [known.env, unknown.env, ../known.env, /etc/known.env, .env]}"));
    files.put("known.env", "A=1");
    Platform platform = PlatformFile.parse(PlatformSource.of(files), Map.of("TAG", "7"));

    assertThat(platform.backend().unseenFiles())
        .containsExactly("unknown.env", "../known.env", "/etc/known.env");
    assertThat(parse(files).backend().unseenFiles()).contains(".env");
  }

  @Test
  void acceptsTheSamplePlatform() throws IOException {
    Path root = Path.of("../fixtures/platform");
    Map<String, String> files = new HashMap<>();
    try (Stream<Path> paths = Files.walk(root, 2)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(path).toString(), Files.readString(path));
      }
    }
    Platform platform = parse(files);
    Set<String> built =
        platform.built().stream().map(BuiltService::name).collect(Collectors.toSet());

    assertThat(built).containsExactlyInAnyOrder("backend", "frontend", "nginx");
    assertThat(platform.entryPort().flatMap(PortMapping::published)).contains(80);
    assertThat(ComposeContract.check(platform.compose(), built, built, Set.of(), Set.of()))
        .isEmpty();
    assertThat(platform.variables().stream().filter(Variable::required).map(Variable::name))
        .containsExactlyInAnyOrder("POSTGRES_PASSWORD", "REGISTRY", "TAG", "SECRET_KEY");
  }
}
