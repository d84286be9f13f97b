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

/** The script that tells nginx to load its configuration again, with a docker that pretends. */
class SwapCommandsTest {

  @TempDir private Path folder;

  /** What docker was asked for, when these of its verbs fail. */
  private List<String> asked(String failing) throws IOException {
    Path log = folder.resolve("log");
    Path docker = folder.resolve("docker");
    Files.writeString(
        docker,
        """
        #!/bin/sh
        [ "$1" = exec ] && asked=${*%%%% sh *} || asked=$*
        echo "$asked" >> '%s'
        case $asked in %s) exit 1 ;; esac
        """
            .formatted(log, failing));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    ShellCommand command =
        new SwapCommands(new HostCommands("/opt/platform-v2"))
            .reload("edge")
            .withVariable("PATH", folder + ":" + System.getenv("PATH"));

    assertThat(new LocalProcess().run(command, Duration.ofSeconds(20), line -> {}).succeeded())
        .isTrue();
    return Files.readAllLines(log);
  }

  @Test
  void tellsNginxInItsContainerByTheUserThatMay() throws IOException {
    assertThat(asked("none")).containsExactly("exec edge");
  }

  @Test
  void tellsItAsRootOrElseByTheContainersFirstProcess() throws IOException {
    assertThat(asked("'exec edge'")).containsExactly("exec edge", "exec --user 0 edge");
    Files.delete(folder.resolve("log"));
    assertThat(asked("exec*"))
        .containsExactly("exec edge", "exec --user 0 edge", "kill --signal HUP edge");
  }
}
