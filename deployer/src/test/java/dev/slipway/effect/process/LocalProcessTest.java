package dev.slipway.effect.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LocalProcessTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final String PARENT_AND_CHILD = "sleep 300 & echo $!; echo $$; wait";

  private final LocalProcess shell = new LocalProcess();

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 127})
  void reportsTheExitStatus(int status) {
    assertThat(shell.run(sh("exit " + status), DEADLINE).exitStatus()).isEqualTo(status);
  }

  @Test
  void keepsBothOutputsHoweverLong() {
    String script =
        "head -c 3000000 /dev/zero | tr '\\0' o; head -c 2000000 /dev/zero | tr '\\0' e >&2";

    CommandResult result = shell.run(sh(script), DEADLINE);

    assertThat(result.standardOutput())
        .hasSize(3_000_000)
        .containsOnlyOnce("ooo".repeat(1_000_000));
    assertThat(result.standardError()).isEqualTo("e".repeat(2_000_000));
  }

  @Test
  void tellsEachLineAndTheLastOneWithoutALineEnd() {
    List<String> lines = new ArrayList<>();

    shell.run(sh("printf 'one\\r\\n\\nzwölf'"), DEADLINE, lines::add);

    assertThat(lines).containsExactly("one", "", "zwölf");
  }

  @Test
  void passesInputEnvironmentAndFolder(@TempDir Path folder) {
    ShellCommand command =
        sh("cat; printf ' %s %s' \"$GREETING\" \"$PWD\"")
            .reading(Secret.of("über"))
            .withVariable("GREETING", "a b")
            .in(folder.toString());

    assertThat(shell.run(command, DEADLINE).standardOutput()).isEqualTo("über a b " + folder);
  }

  @Test
  void doesNotMindAProgramThatIgnoresItsInput() {
    ShellCommand command = ShellCommand.of("true").reading(Secret.of("x".repeat(1_000_000)));

    assertThat(shell.run(command, DEADLINE).succeeded()).isTrue();
  }

  @Test
  void killsTheWholeTreeAtTheDeadline() {
    List<String> processIds = new ArrayList<>();

    SlipwayException failure =
        catchThrowableOfType(
            SlipwayException.class,
            () -> shell.run(sh(PARENT_AND_CHILD), Duration.ofSeconds(1), processIds::add));

    assertThat(failure.what())
        .isEqualTo("\"sh -c '" + PARENT_AND_CHILD + "'\" did not end within 1 s and was killed.");
    assertThat(failure.advice()).contains("allow it more time");
    assertThat(processIds).hasSize(2);
    for (String processId : processIds) {
      awaitEnd(processId);
    }
  }

  @Test
  void killsByForceWhatIgnoresAPoliteRequest() {
    List<String> processIds = new ArrayList<>();
    String stubborn = "trap '' TERM; echo $$; while :; do sleep 300; done";

    assertThatThrownBy(() -> shell.run(sh(stubborn), Duration.ofSeconds(1), processIds::add))
        .hasMessageContaining("was killed");

    awaitEnd(processIds.get(0));
  }

  @Test
  void killsTheTreeWhenInterrupted() {
    List<String> processIds = new ArrayList<>();
    Thread caller = Thread.currentThread();

    assertThatThrownBy(
            () ->
                shell.run(
                    sh(PARENT_AND_CHILD),
                    DEADLINE,
                    line -> {
                      processIds.add(line);
                      if (processIds.size() == 2) {
                        caller.interrupt();
                      }
                    }))
        .hasMessageContaining("was interrupted and killed.");

    assertThat(Thread.interrupted()).isTrue();
    for (String processId : processIds) {
      awaitEnd(processId);
    }
  }

  @Test
  void refusesAMissingProgramWithAdvice() {
    assertThatThrownBy(() -> shell.run(ShellCommand.of("no-such-program", "-x"), DEADLINE))
        .hasMessageStartingWith("The program no-such-program could not be started on this machine.")
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(failure.advice())
                  .isEqualTo("Install no-such-program or put its folder on PATH.");
            });
  }

  @Test
  void refusesAMissingFolder() {
    assertThatThrownBy(() -> shell.run(ShellCommand.of("true").in("/no/such/folder"), DEADLINE))
        .hasMessageStartingWith(
            "The folder /no/such/folder does not exist, so \"true\" cannot run in it.");
  }

  @Test
  void surfacesWhatTheWatcherThrewAfterTheCommandHasEnded() {
    assertThatThrownBy(
            () ->
                shell.run(
                    sh("echo one; echo two"),
                    DEADLINE,
                    line -> {
                      throw new IllegalStateException("console is gone");
                    }))
        .hasMessage("console is gone");
  }

  private static ShellCommand sh(String script) {
    return ShellCommand.of("sh", "-c", script);
  }

  private static void awaitEnd(String processId) {
    await().atMost(Duration.ofSeconds(10)).until(() -> !runs(processId));
  }

  /**
   * A process that nobody asks for its exit status stays in the table as a zombie; it runs no more.
   */
  private static boolean runs(String processId) {
    Path status = Path.of("/proc", processId, "status");
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return ProcessHandle.of(Long.parseLong(processId)).isPresent();
    }
    try {
      return Files.readAllLines(status).stream()
          .noneMatch(line -> line.matches("State:\\s+[ZX].*"));
    } catch (IOException gone) {
      return false;
    }
  }
}
