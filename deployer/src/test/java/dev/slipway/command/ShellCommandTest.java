package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellCommandTest {

  @Test
  void writesEnvironmentFolderAndArgumentsForAShell() {
    ShellCommand command =
        ShellCommand.of("docker", "compose", "-p", "my platform", "up")
            .withVariable("TAG", "a b")
            .in("/opt/platform-v2");

    assertThat(command.toShell())
        .isEqualTo("cd /opt/platform-v2 && env 'TAG=a b' docker compose -p 'my platform' up");
  }

  @Test
  void neverShowsWhatItReads() {
    ShellCommand command =
        ShellCommand.of("docker", "login", "--password-stdin").reading(Secret.of("swordfish"));

    assertThat(command.toString()).isEqualTo("docker login --password-stdin");
    assertThat(command.input().toString()).doesNotContain("swordfish");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a b", "it's", "$(id)", "`id`", "a;b", "*", "~", "-n", "\"", "\\", "a\nb", "ü", "!x",
        "#", "=x"
      })
  void quotesSoThatAShellHandsTheWordBack(String word) throws IOException {
    Process shell =
        new ProcessBuilder(List.of("sh", "-c", "printf '%s' " + ShellCommand.quote(word))).start();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(printed).isEqualTo(word);
  }

  @Test
  void refusesToHandAShellAProgramOrAFolderThatItTakesForSomethingElse() {
    assertThatThrownBy(() -> ShellCommand.of("A=B", "x").toShell())
        .hasMessageContaining("not the name of a program: 'A=B'");
    for (String folder : List.of("-", "-P", "")) {
      assertThatThrownBy(() -> ShellCommand.of("id").in(folder).toShell())
          .hasMessageContaining("not the name of anything");
    }
  }

  @Test
  void refusesWhatNoShellCanCarry() {
    assertThatThrownBy(() -> ShellCommand.of("echo", "a\0b")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> ShellCommand.of("env").withVariable("A=B", "x"))
        .hasMessageContaining("not a name of a variable");
    assertThatThrownBy(() -> ShellCommand.of(List.of())).hasMessageContaining("needs a program");
  }
}
