package dev.slipway.deploy.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.command.CommandResult;
import dev.slipway.command.Shell;
import dev.slipway.deploy.DeploymentBench;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a server that is this machine. */
class EnvironmentFileTest {

  @TempDir private Path folder;
  private final Shell shell = new LocalProcess();
  private final DeployLog log = new DeployLog(line -> {}, new Redaction(List.of()));

  private CommandResult learn(Shell asked, String compose) {
    return new EnvironmentFile(
            asked, DeploymentBench.platform(compose), folder.resolve(".env").toString(), log)
        .learn();
  }

  @Test
  void learnsTheSecretsOfEachFileThatTheComposeFileTakesThemFrom() throws IOException {
    Files.writeString(folder.resolve(".env"), "SECRET_KEY=swordfish\n");
    Files.writeString(folder.resolve("backend.env"), "BROKER_PASSWORD=barracuda\nTAG=perch1\n");
    Files.writeString(folder.resolve("password.txt"), "pikeperch\n");
    String compose =
        DeploymentBench.COMPOSE.replace(
                "/backend:${TAG:?}\"",
                "/backend:${TAG:?}\", env_file: [./.env, gone.env, backend.env]")
            + "secrets: {db: {file: password.txt}, gone: {file: /gone}}\n";

    assertThat(learn(shell, compose).standardOutput()).isEqualTo("SECRET_KEY=swordfish\n");

    assertThat(log.redacted("swordfish barracuda pikeperch perch1"))
        .isEqualTo("[secret] [secret] [secret] perch1");
  }

  @Test
  void asksOnlyForTheFileThatIsThereAlways() throws IOException {
    Files.writeString(folder.resolve(".env"), "SECRET_KEY=swordfish\n");
    List<String> ran = new ArrayList<>();

    learn(
        (command, deadline, lines) -> {
          ran.add(command.toString());
          return shell.run(command, deadline, lines);
        },
        DeploymentBench.COMPOSE.replace(
            "/backend:${TAG:?}\"", "/backend:${TAG:?}\", env_file: .env"));

    assertThat(ran).hasSize(1);
  }
}
