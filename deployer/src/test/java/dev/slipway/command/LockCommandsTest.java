package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of the lock, run by this machine's own shell. */
class LockCommandsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private LockCommands commands = new LockCommands("/");

  @BeforeEach
  void inAFolderWithASpace() throws IOException {
    commands = new LockCommands(Files.createDirectory(folder.resolve("a state")).toString());
  }

  @Test
  void givesTheLockToOneAndNamesTheHolderToOthers() {
    succeed(commands.take("ann"));

    assertThat(run(commands.take("bob")).standardOutput()).matches("[01]\nann");
    assertThat(succeed(commands.look())).matches("[01]\nann");
  }

  @Test
  void givesTheLockBackToTheNext() {
    succeed(commands.giveBack("ann"));
    succeed(commands.take("ann"));
    succeed(commands.giveBack("ann"));
    assertThat(succeed(commands.look())).isEmpty();
    succeed(commands.take("bob"));
    succeed(commands.takeAway());
    succeed(commands.takeAway());
    succeed(commands.take("carol"));

    assertThat(succeed(commands.look())).endsWith("\ncarol");
  }

  @Test
  void givesNobodyElsesLockBackAndRenewsNone() {
    succeed(commands.take("bob"));
    silentFor(50);

    assertThat(run(commands.giveBack("ann")).standardOutput()).endsWith("\nbob");
    assertThat(run(commands.renew("ann")).standardOutput()).matches("5\\d\nbob");
    succeed(commands.takeAway());
    assertThat(run(commands.renew("bob"))).isEqualTo(new CommandResult(1, "", ""));
    assertThat(succeed(commands.look())).isEmpty();
  }

  @Test
  void letsNobodyWaitForOneWhoseConnectionDiedBeforeItWasAsked() throws Exception {
    for (ShellCommand cut :
        List.of(
            commands.take("ann"),
            commands.takeOver("ann", PATIENCE, "bob"),
            commands.renew("ann"),
            commands.giveBack("ann"))) {
      Process waiting = new ProcessBuilder(cut.arguments()).start();
      try {
        succeed(commands.take("carol"));
        succeed(commands.takeAway());
        waiting.getOutputStream().close();
        assertThat(waiting.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).as(cut.toString()).isEqualTo(2);
        assertThat(succeed(commands.look())).as("after %s", cut).isEmpty();
      } finally {
        waiting.destroyForcibly();
      }
    }
  }

  @Test
  void renewsByTheServersClock() {
    succeed(commands.take("ann"));
    silentFor(500);
    assertThat(succeed(commands.look())).matches("50\\d\nann");

    succeed(commands.renew("ann"));

    assertThat(succeed(commands.look())).matches("[01]\nann");
  }

  @Test
  void takesOverOnlyFromTheOneWhoWasSilentForSoLong() {
    succeed(commands.take("ann"));
    silentFor(80);
    assertThat(run(commands.takeOver("ann", PATIENCE, "bob")).standardOutput())
        .matches("8\\d\nann");

    silentFor(91);
    assertThat(run(commands.takeOver("carol", PATIENCE, "bob")).succeeded()).isFalse();
    succeed(commands.takeOver("ann", PATIENCE, "bob"));
    assertThat(succeed(commands.look())).matches("[01]\nbob");
    assertThat(run(commands.renew("ann")).standardOutput()).endsWith("\nbob");
  }

  @Test
  void takesOverALockThatWasGivenBackMeanwhile() {
    succeed(commands.takeOver("ann", PATIENCE, "bob"));

    assertThat(succeed(commands.look())).endsWith("\nbob");
  }

  @Test
  void takesOverALockThatNamesNobody() throws IOException {
    Path lock = Files.createDirectory(Path.of(commands.stateDirectory(), "lock"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(91)));
    assertThat(run(commands.take("bob")).standardOutput()).matches("9\\d\n");

    succeed(commands.takeOver("", PATIENCE, "bob"));

    assertThat(succeed(commands.look())).endsWith("\nbob");
  }

  @Test
  void givesTheLockToExactlyOneOfFiftyWhoAskAtOnce() throws Exception {
    assertThat(winners(number -> commands.take("owner " + number))).hasSize(1);
  }

  @Test
  void givesADeadOnesLockToExactlyOneOfFiftyWhoTakeItOverAtOnce() throws Exception {
    succeed(commands.take("dead"));
    silentFor(91);

    assertThat(winners(number -> commands.takeOver("dead", PATIENCE, "owner " + number)))
        .hasSize(1);
  }

  @Test
  void keepsNoLockWhoseOwnerCannotBeWritten() {
    List<String> words = new ArrayList<>(commands.take("ann").arguments());
    words.set(2, "cat() { false; }; " + words.get(2));

    assertThat(run(ShellCommand.of(words)).succeeded()).isFalse();
    assertThat(Path.of(commands.stateDirectory(), "lock")).doesNotExist();
  }

  @Test
  void saysWhyTheLockCannotBeTaken() {
    CommandResult result = run(new LockCommands("/no/such/folder").take("ann"));

    assertThat(result.succeeded()).isFalse();
    assertThat(result.standardOutput()).isEmpty();
    assertThat(result.standardError()).contains("/no/such/folder");
  }

  private List<Integer> winners(java.util.function.IntFunction<ShellCommand> command)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      List<Future<CommandResult>> asking =
          IntStream.range(0, 50)
              .mapToObj(number -> threads.submit(() -> run(command.apply(number))))
              .toList();
      List<Integer> winners = new ArrayList<>();
      for (int number = 0; number < 50; number++) {
        if (asking.get(number).get().succeeded()) {
          winners.add(number);
        }
      }
      assertThat(succeed(commands.look())).endsWith("\nowner " + winners.get(0));
      return winners;
    } finally {
      threads.shutdownNow();
    }
  }

  private void silentFor(int seconds) {
    try {
      Files.setLastModifiedTime(
          Path.of(commands.stateDirectory(), "lock", "owner"),
          FileTime.from(Instant.now().minusSeconds(seconds)));
    } catch (IOException unwritable) {
      throw new AssertionError(unwritable);
    }
  }

  private static String succeed(ShellCommand command) {
    CommandResult result = run(command);
    assertThat(result.exitStatus()).withFailMessage("%s: %s", command, result).isZero();
    return result.standardOutput();
  }

  private static CommandResult run(ShellCommand command) {
    return new LocalProcess().run(command, Duration.ofSeconds(30));
  }
}
