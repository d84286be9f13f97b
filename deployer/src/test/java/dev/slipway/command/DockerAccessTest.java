package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerAccessTest {

  private static final HostCommands HOST = new HostCommands("/opt/platform-v2");

  @TempDir private Path folder;

  @Test
  void leavesCommandsOfAnAccountThatMayRunDockerAsTheyAre() {
    assertThat(DockerAccess.DIRECT.apply(HOST.dockerVersion())).isEqualTo(HOST.dockerVersion());
    assertThat(DockerAccess.DIRECT.apply(HOST.freeSpace())).isEqualTo(HOST.freeSpace());
  }

  @Test
  void runsDockerAndComposeBySudoWithTheirVariables() {
    ShellCommand compose =
        ShellCommand.of("docker-compose", "up").withVariable("TAG", "c0f").in("/opt");

    assertThat(DockerAccess.SUDO.apply(compose).toShell())
        .isEqualTo("cd /opt && env TAG=c0f sudo -n -E docker-compose up");
    assertThat(DockerAccess.SUDO.apply(ShellCommand.of("docker", "ps")).toShell())
        .isEqualTo("sudo -n -E docker ps");
  }

  @Test
  void leavesWhatIsNotDockerToTheAccountItself() {
    assertThat(DockerAccess.SUDO.apply(HOST.git().head())).isEqualTo(HOST.git().head());
    assertThat(DockerAccess.SUDO.apply(HOST.prepareState())).isEqualTo(HOST.prepareState());
  }

  @Test
  void runsDockerInScriptsBySudoToo() throws IOException {
    standIn("sudo", "echo \"sudo $*, in $DOCKER_CONFIG\"");
    ShellCommand script =
        ShellCommand.of(
                "sh", "-c", "DOCKER_CONFIG=/there; export DOCKER_CONFIG; docker ps \"$1\"", "x")
            .with("a b");

    assertThat(run(DockerAccess.SUDO.apply(script)))
        .isEqualTo("sudo -n -E docker ps a b, in /there\n");
  }

  @Test
  void asksForSudoOnlyWhereDockerItselfDoesNotRun() throws IOException {
    standIn("id", "echo 1000");
    standIn("docker", "exit 1");
    standIn("sudo", "[ \"$*\" = '-n -E docker version' ]");
    assertThat(accessWithoutSocket()).isEqualTo(DockerAccess.SUDO);

    standIn("sudo", "exit 1");
    assertThat(accessWithoutSocket()).isEqualTo(DockerAccess.DIRECT);

    standIn("docker", "exit 0");
    standIn("sudo", "exit 0");
    assertThat(accessWithoutSocket()).isEqualTo(DockerAccess.DIRECT);
  }

  /** The machine that runs the tests may have an engine. */
  private DockerAccess accessWithoutSocket() {
    List<String> words =
        HOST.dockerAccess().arguments().stream()
            .map(word -> word.replace("/var/run/docker.sock", "/no/such/socket"))
            .toList();
    return DockerAccess.of(new CommandResult(0, run(ShellCommand.of(words)), ""));
  }

  private void standIn(String name, String script) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String run(ShellCommand command) {
    ShellCommand found = command.withVariable("PATH", folder + ":" + System.getenv("PATH"));
    CommandResult result = new LocalProcess().run(found, Duration.ofSeconds(30));
    assertThat(result.exitStatus()).withFailMessage("%s", result).isZero();
    return result.standardOutput();
  }
}
