package dev.slipway.pipeline.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.pipeline.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

/**
 * The stages health and deploy find nothing in compose files that are written otherwise than the
 * sample's.
 */
@Tag("nightly")
class SoundComposeFilesIT {

  private static final Path ROOT =
      Path.of(System.getProperty("slipway.root", "..")).toAbsolutePath().normalize();
  private static final Path OUTPUT = ROOT.resolve("target/slipway/selftest/sound-compose-files");
  private static final String COMPOSE = "docker-compose.prod.yml";
  private static final String DOCKERFILE = "backend/Dockerfile";
  private static final String EDGE = "nginx/nginx.conf";
  private static final String DIGESTS = "{{range .RepoDigests}}{{println .}}{{end}}";
  private static final String BACKEND = "\n  backend:\n    <<: *service\n";

  @Test
  void commandsAndFilesOfTheComposeFileAreThoseThatRun() throws IOException {
    Path platform = create("commands");
    Folders.write(platform.resolve("redis.conf"), "appendonly yes\n");
    apply(
        platform,
        new Edit(
            DOCKERFILE,
            """
            CMD ["uvicorn", "--factory", "app.main:create_app", "--host", "0.0.0.0", "--port", "8000", \\
                 "--proxy-headers", "--forwarded-allow-ips", "*", "--no-server-header", "--timeout-graceful-shutdown", "20"]
            """,
            ""),
        new Edit(DOCKERFILE, "EXPOSE 8000\n", "EXPOSE 9000\n"),
        new Edit(
            COMPOSE,
            BACKEND,
            BACKEND
                + "    command: uvicorn --factory app.main:create_app --host 0.0.0.0 --port 8000\n"),
        new Edit(
            COMPOSE,
            "    command: [\"redis-server\", \"--appendonly\", \"yes\"]\n",
            """
                command: [sh, -c, 'exec redis-server /etc/redis.conf --requirepass "$$REDIS_PASSWORD"']
                environment: {REDIS_PASSWORD: a secret}
            """),
        new Edit(
            COMPOSE,
            "      - redis-data:/data\n",
            "      - redis-data:/data\n      - ./redis.conf:/etc/redis.conf:ro\n"),
        new Edit(COMPOSE, "redis://redis:6379/0", "redis://:a%20secret@redis:6379/0"));
    Folders.write(platform.resolve("slipway.yml"), "dockerfiles: {backend: Dockerfile.prod}\n");
    Path dockerfile = platform.resolve(DOCKERFILE);
    Files.move(dockerfile, dockerfile.resolveSibling("Dockerfile.prod"));

    SuiteRun run = run(platform, "EndpointIT");

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(3);
  }

  @Test
  void servicesThatRunTheBackendsImageStartAfterTheMigration() {
    Path platform = create("sharers");
    apply(
        platform,
        new Edit(
            COMPOSE,
            BACKEND,
            """

              worker:
                <<: *service
                image: ${REGISTRY:?}/backend:${TAG:?}
                volumes: ["/etc/localtime:/etc/localtime", "/srv/nowhere/of-slipway:/srv/shared"]
                command: ["python", "-c", "import signal; signal.pause()"]
                healthcheck:
                  test: ["CMD", "python", "-c", "import app"]
                  interval: 1s

              customers:
                <<: *service
                image: ${REGISTRY:?}/backend:${TAG:?}
                restart: "no"
                environment:
                  DATABASE_URL: postgresql://platform:${POSTGRES_PASSWORD:?}@postgres:5432/platform
                command:
                  - python
                  - -c
                  - import os, psycopg; psycopg.connect(os.environ["DATABASE_URL"]).execute("SELECT FROM customers")

              backend:
                <<: *service
            """),
        new Edit(
            COMPOSE,
            "    depends_on:\n      postgres:\n",
            """
                depends_on:
                  customers:
                    condition: service_completed_successfully
                  postgres:
            """));

    SuiteRun run = rehearsed(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(8);
  }

  @Test
  void theEdgeMayTellItsServersApartByName() {
    Path platform = create("names");
    Folders.write(platform.resolve("slipway.yml"), "health: {host: api.platform.example}\n");
    apply(
        platform,
        new Edit(
            EDGE,
            "    server_name _;\n",
            """
                server_name _;
                location / { return 404; }
                location = /edge-health { return 200 "ok\\n"; }
              }

              server {
                listen 8080;
                server_name app.platform.example;
                set $frontend http://frontend:8080;
                location / { proxy_pass $frontend; }
              }

              server {
                listen 8080;
                server_name api.platform.example;
            """),
        new Edit(EDGE, "    location /api/ {\n      proxy_pass $backend;\n    }\n", ""),
        new Edit(
            EDGE,
            "    location / {\n      proxy_pass $frontend;\n",
            "    location / {\n      proxy_pass $backend;\n"));

    SuiteRun run = rehearsed(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(8);
  }

  @Test
  void theEdgeMaySendEverythingToHttpsWithCertificatesOfTheServer() {
    Path platform = create("https");
    apply(
        platform,
        new Edit(
            EDGE,
            "    listen 8080;\n    server_name _;\n",
            """
                listen 8080;
                server_name _;
                location = /edge-health { return 200 "ok\\n"; }
                location / { return 301 https://$host$request_uri; }
              }

              server {
                listen 8443 ssl;
                server_name api.platform.example;
                ssl_certificate /etc/letsencrypt/live/platform.example/fullchain.pem;
                ssl_certificate_key /etc/letsencrypt/live/platform.example/privkey.pem;
                include /etc/letsencrypt/options-ssl-nginx.conf;
                ssl_dhparam /etc/letsencrypt/ssl-dhparams.pem;
            """),
        new Edit(
            COMPOSE,
            "      - \"${HTTP_PORT:-80}:8080\"\n",
            """
                  - "${HTTP_PORT:-80}:8080"
                  - "443:8443"
                volumes:
                  - /etc/letsencrypt:/etc/letsencrypt:ro
                networks: [platform, proxy]
            """),
        new Edit(
            COMPOSE,
            "networks:\n  platform:\n",
            "networks:\n  platform:\n  proxy: {external: true}\n"));

    SuiteRun run = rehearsed(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(8);
  }

  @Test
  void imagesMayBePinnedAndTheEdgeStandBehindAProxyOfItsServer() throws IOException {
    try (GenericContainer<?> registry =
        new GenericContainer<>("registry:2.8").withExposedPorts(5000)) {
      registry.start();
      String image = "localhost:" + registry.getMappedPort(5000) + "/redis:7.0";
      try {
        docker("tag", "redis:7.0", image);
        docker("push", "--quiet", image);
        pinned(docker("image", "inspect", "--format", DIGESTS, image), image);
      } finally {
        docker("image", "rm", image);
      }
    }
  }

  private static void pinned(String digests, String image) throws IOException {
    String repository = image.substring(0, image.lastIndexOf(':'));
    String digest =
        digests
            .lines()
            .filter(name -> name.startsWith(repository + "@"))
            .map(name -> name.substring(name.indexOf('@')))
            .findFirst()
            .orElseThrow();
    Path platform = create("pinned");
    Folders.write(
        platform.resolve("slipway.yml"),
        """
        hooks:
          before: {run: [sh, -c, "echo only in production; exit 1"], where: local}
          after: {run: [sh, -c, "test $SLIPWAY_OUTCOME = SUCCESS"]}
        """);
    apply(
        platform,
        new Edit(COMPOSE, "    image: redis:7.0\n", "    image: " + image + digest + "\n"),
        new Edit(COMPOSE, "      - redis-data:/data\n", "      - ./redis-data:/data\n"),
        new Edit(COMPOSE, "\"${HTTP_PORT:-80}:8080\"", "\"127.0.0.1:8081:8080\""));

    SuiteRun run = rehearsed(platform);

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(8);
    Path left = platform.resolveSibling("output/scratch/compose");
    try (Stream<Path> files = Files.walk(left)) {
      assertThat(files.filter(path -> path.startsWith(left.resolve("redis-data"))).toList())
          .hasSizeGreaterThan(1)
          .allSatisfy(path -> assertThat(Files.getOwner(path)).isEqualTo(Files.getOwner(left)));
    }
  }

  @Test
  void aCommitMayMendOneThatDoesNotDeploy() {
    Path platform = OUTPUT.resolve("mended/platform");
    Edit crash = new Edit(DOCKERFILE, "CMD [\"uvicorn\"", "CMD [\"false\", \"uvicorn\"");
    BrokenPlatform.create(ROOT, List.of(crash), Optional.empty(), platform);
    apply(platform, crash.undone());

    SuiteRun run = run(platform, "RehearsalIT");

    assertThat(run.failures()).isEmpty();
    assertThat(run.skipped())
        .containsOnlyKeys("deploysThePreviousCommit", "rollsBackToThePreviousCommit");
    assertThat(run.passed()).hasSize(3);
  }

  private static String docker(String... words) {
    CommandResult result =
        new LocalProcess().run(ShellCommand.of("docker").with(words), Duration.ofMinutes(2));
    assertThat(result.succeeded()).withFailMessage(() -> result.tail(5)).isTrue();
    return result.standardOutput();
  }

  @Test
  void aStockEdgeMayNameItsUpstreamsLiterally() {
    Path platform = create("literal-upstreams");
    Folders.write(platform.resolve("slipway.yml"), "folders: {edge: none}\n");
    Folders.write(
        platform.resolve(EDGE),
        """
        events {}
        http {
          server {
            listen 8080;
            location = /edge-health { return 200 "ok\\n"; }
            location /api/ { proxy_pass http://backend:8000; }
            location /health { proxy_pass http://backend:8000; }
            location / { proxy_pass http://frontend:8080; }
          }
        }
        """);
    apply(
        platform,
        new Edit(
            COMPOSE,
            "    image: ${REGISTRY:?set it to the registry and path of the images}/nginx:${TAG:?set it to the tag to run}\n",
            """
                image: nginx:1.26
                volumes:
                  - ./nginx/nginx.conf:/etc/nginx/nginx.conf:ro
            """));

    SuiteRun run = run(platform, "WholePlatformIT");

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(3);
  }

  @Test
  void variablesMayComeFromFilesAndHostsHaveTheNamesOfTheirContainers() {
    Path platform = create("files");
    Folders.write(platform.resolve("env/backend.env"), "REDIS_URL=redis://store:6379/0\n");
    Folders.write(
        platform.resolve("backend/.env.example"), "CORS_ORIGINS=https://platform.example\n");
    apply(
        platform,
        new Edit(COMPOSE, "@postgres:5432/platform\n", "@platform-db:5432/platform\n"),
        new Edit(COMPOSE, "      REDIS_URL: redis://redis:6379/0\n", ""),
        new Edit(COMPOSE, "      SECRET_KEY: ${SECRET_KEY:?set it in .env beside this file}\n", ""),
        new Edit(
            COMPOSE,
            BACKEND,
            BACKEND + "    env_file: [.env, ./env/backend.env, backend/.env, of-the-server.env]\n"),
        new Edit(COMPOSE, "      CORS_ORIGINS: ${CORS_ORIGINS:-https://platform.example}\n", ""),
        new Edit(
            COMPOSE,
            "    image: postgres:15\n",
            "    image: postgres:15\n    container_name: platform-db\n"),
        new Edit(
            COMPOSE,
            "    image: redis:7.0\n",
            "    image: redis:7.0\n    networks: {platform: {aliases: [store]}}\n"));

    SuiteRun run =
        SuiteRun.of(
            List.of(SuiteRun.all("EndpointIT"), SuiteRun.all("WholePlatformIT")),
            ROOT,
            platform,
            platform.resolveSibling("output"));

    assertThat(run.failures()).isEmpty();
    assertThat(run.passed()).hasSize(6);
  }

  @Test
  void testsGoByWhatTheRootSaysOfPytest() {
    Path platform = create("pytest");
    Folders.write(
        platform.resolve("pytest.ini"),
        "[pytest]\naddopts = --failed-first\npython_files = check_*.py\n");
    Folders.write(
        platform.resolve("backend/tests/check_nothing.py"),
        "def test_fails():\n    assert False, 'it was run'\n");

    apply(
        platform,
        new Edit("backend/pyproject.toml", "[tool.pytest.ini_options]\n", "[tool.other]\n"));

    SuiteRun run = run(platform, "PytestIT");

    assertThat(run.failures().toString()).contains("it was run", "1 failed");
  }

  private static Path create(String name) {
    Path platform = OUTPUT.resolve(name).resolve("platform");
    BrokenPlatform.create(ROOT, Optional.empty(), platform);
    return platform;
  }

  private static void apply(Path platform, Edit... edits) {
    List.of(edits).forEach(edit -> edit.apply(platform));
  }

  private static SuiteRun rehearsed(Path platform) {
    return SuiteRun.of(
        List.of(SuiteRun.all("WholePlatformIT"), SuiteRun.all("RehearsalIT")),
        ROOT,
        platform,
        platform.resolveSibling("output"));
  }

  private static SuiteRun run(Path platform, String suite) {
    return SuiteRun.of(
        List.of(SuiteRun.all(suite)), ROOT, platform, platform.resolveSibling("output"));
  }
}
