package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeCommandsTest {

  private static ComposeCommands commands(ComposeTool tool) {
    return new ComposeCommands(
        tool,
        "platform-v2",
        "/opt/platform-v2",
        "docker-compose.prod.yml",
        Map.of("TAG", "c0ffee", "REGISTRY", "registry.example"));
  }

  @ParameterizedTest
  @CsvSource({"PLUGIN, docker compose", "STANDALONE, docker-compose"})
  void callsBothGenerationsAlike(ComposeTool tool, String program) {
    ComposeCommands compose = commands(tool);
    String start = program + " -p platform-v2 -f docker-compose.prod.yml ";

    assertThat(compose.up(List.of("redis", "backend")))
        .hasToString(start + "up -d --no-deps --no-build redis backend");
    assertThat(compose.createSeconds(List.of("backend", "frontend")))
        .hasToString(
            start
                + "up --no-start --no-deps --no-build --no-recreate --scale backend=2 --scale frontend=2 backend frontend");
    assertThat(compose.pull(List.of("postgres"))).hasToString(start + "pull postgres");
    assertThat(compose.logs("backend", 50))
        .hasToString(start + "logs --no-color --tail 50 backend");
    assertThat(compose.follow(List.of("backend"), 500))
        .hasToString(start + "logs --no-color --follow --tail 500 backend");
    assertThat(compose.run("backend", Optional.empty(), List.of("alembic", "upgrade", "head")))
        .hasToString(
            start + "run --rm -T --no-deps --name platform-v2-run backend alembic upgrade head");
    assertThat(compose.run("backend", Optional.of("/app"), List.of("alembic", "heads")))
        .hasToString(
            start + "run --rm -T --no-deps --name platform-v2-run -w /app backend alembic heads");
    assertThat(tool.version()).hasToString(program + " version --short");
  }

  @ParameterizedTest
  @CsvSource({"PLUGIN", "STANDALONE"})
  void runsInTheFoldersOfTheFileWithItsVariables(ComposeTool tool) {
    assertThat(commands(tool).pull(List.of("redis")).toShell())
        .startsWith("cd /opt/platform-v2 && env REGISTRY=registry.example TAG=c0ffee docker");
    assertThat(commands(tool).withVariables(Map.of("TAG", "1")).pull(List.of("redis")).toShell())
        .startsWith("cd /opt/platform-v2 && env TAG=1 docker");
  }
}
