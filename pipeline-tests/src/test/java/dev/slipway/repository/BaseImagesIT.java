package dev.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** What platforms rely on in the base images, whether they are the real ones or stand-ins. */
@Tag("nightly")
class BaseImagesIT {

  private static final int EXECUTABLE = 0100755;

  private static CommandResult docker(String... words) {
    return new LocalProcess().run(ShellCommand.of("docker").with(words), Duration.ofMinutes(2));
  }

  private static String in(GenericContainer<?> container, String script)
      throws IOException, InterruptedException {
    ExecResult result = container.execInContainer("sh", "-c", script);
    return (result.getStdout() + result.getStderr()).strip();
  }

  @Test
  void postgresPreparesItsDatabaseFromFilesAndTakesThePasswordFromOne() throws Exception {
    try (GenericContainer<?> postgres =
        new GenericContainer<>("postgres:15")
            .withEnv("POSTGRES_USER", "ann")
            .withEnv("POSTGRES_DB", "shop")
            .withEnv("POSTGRES_PASSWORD_FILE", "/run/password")
            .withCopyToContainer(Transferable.of("swordfish\n"), "/run/password")
            .withCopyToContainer(
                Transferable.of("create table sold (id int);"), "/docker-entrypoint-initdb.d/1.sql")
            .withCopyToContainer(
                Transferable.of(
                    "psql -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c 'insert into sold values (7)'\n"),
                "/docker-entrypoint-initdb.d/2.sh")
            .waitingFor(Wait.forSuccessfulCommand("pg_isready --host=127.0.0.1 --username=ann"))) {
      postgres.start();
      String query = " psql -w -h $(hostname -i) -U ann -d shop -XAtc 'select id from sold'";
      assertThat(in(postgres, "PGPASSWORD=swordfish" + query)).isEqualTo("7");
      assertThat(in(postgres, "PGPASSWORD=guessed" + query)).contains("authentication failed");
      assertThat(in(postgres, "stat -c %U /proc/1")).isEqualTo("postgres");
    }
  }

  @Test
  void postgresRefusesToStartWithoutAPasswordOrWithTwo() {
    CommandResult without = docker("run", "--rm", "postgres:15");
    CommandResult twice =
        docker(
            "run",
            "--rm",
            "-e",
            "POSTGRES_PASSWORD=a",
            "-e",
            "POSTGRES_PASSWORD_FILE=/b",
            "postgres:15");

    assertThat(without.exitStatus()).isEqualTo(1);
    assertThat(without.tail(9)).contains("superuser password is not specified");
    assertThat(twice.exitStatus()).isEqualTo(1);
    assertThat(twice.tail(9)).contains("both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set");
  }

  @Test
  void redisTakesArgumentsAndRunsWithoutRoot() throws Exception {
    try (GenericContainer<?> redis =
        new GenericContainer<>("redis:7.0")
            .withCommand("--appendonly", "yes")
            .withExposedPorts(6379)
            .waitingFor(Wait.forSuccessfulCommand("redis-cli ping"))) {
      redis.start();
      assertThat(in(redis, "redis-cli -h $(hostname -i) ping")).isEqualTo("PONG");
      assertThat(in(redis, "redis-cli config get appendonly")).isEqualTo("appendonly\nyes");
      assertThat(in(redis, "redis-cli config get dir")).isEqualTo("dir\n/data");
      assertThat(in(redis, "stat -c %U /proc/1")).isEqualTo("redis");
    }
  }

  @Test
  void nginxFillsInTemplatesAndRunsStartUpScripts() throws Exception {
    try (GenericContainer<?> nginx =
        new GenericContainer<>("nginx:1.26")
            .withEnv("GREETING", "good day")
            .withCopyToContainer(
                Transferable.of("server { listen 8080; return 200 '${GREETING} $uri'; }"),
                "/etc/nginx/templates/greeting.conf.template")
            .withCopyToContainer(
                Transferable.of("#!/bin/sh\ntouch /tmp/ran\n", EXECUTABLE),
                "/docker-entrypoint.d/50-mine.sh")
            .waitingFor(Wait.forSuccessfulCommand("curl --fail --silent localhost:8080/"))) {
      nginx.start();
      assertThat(in(nginx, "curl -s localhost:8080/there")).isEqualTo("good day /there");
      assertThat(in(nginx, "ls /tmp/ran")).isEqualTo("/tmp/ran");
      assertThat(in(nginx, "id -u nginx")).isEqualTo("101");
      assertThat(in(nginx, "nginx -t")).contains("test is successful");
    }
    assertThat(
            docker("image", "inspect", "--format", "{{.Config.StopSignal}}", "nginx:1.26")
                .standardOutput()
                .strip())
        .isEqualTo("SIGQUIT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node:20-slim | node --version; npm --version; id -u node | v20\\S+\\n10\\S+\\n1000",
        "node:20-slim | node -e 'console.log(6 * 7)' | 42",
        "python:3.11-slim | python -c 'import sys; print(sys.prefix, sys.version)' | /usr/local 3\\.11.*",
        "python:3.11-slim | python -m venv /tmp/v && /tmp/v/bin/pip --version | pip [\\s\\S]*",
        "registry:2.8 | registry --version | \\S*registry .*2\\.8.*",
        "debian:12 | . /etc/os-release; echo $VERSION_ID | 12",
        "debian:13 | . /etc/os-release; echo $VERSION_ID | 13",
      })
  void offersTheTools(String image, String script, String printed) {
    CommandResult result = docker("run", "--rm", "--entrypoint", "sh", image, "-c", script);

    assertThat(result.succeeded()).as(result.tail(5)).isTrue();
    assertThat(result.standardOutput().strip()).matches(printed);
  }

  @Test
  void setupSaysOfEachImageWhetherItIsTheRealOne() {
    Script setup = Script.run(Map.of(), "bin/setup");

    assertThat(setup.status()).as(setup.text()).isZero();
    Stream<String> images =
        Script.run(Map.of(), "fixtures/base-images/build", "--list").text().lines();
    assertThat(images)
        .hasSizeGreaterThan(7)
        .allSatisfy(
            image -> {
              String standIn =
                  docker(
                          "image",
                          "inspect",
                          "--format",
                          "{{with .Config.Labels}}{{index . \"dev.slipway.stand-in\"}}{{end}}",
                          image)
                      .standardOutput()
                      .strip();
              assertThat(setup.text())
                  .contains(
                      "ok         " + image + (standIn.equals("true") ? " stand-in" : " real"));
            });
  }
}
