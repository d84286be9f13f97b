package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.ExitCode;
import dev.slipway.Secret;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("deploy")
@Timeout(240)
class RemoteShellIT {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  @AutoClose private static SshServer server;
  @AutoClose private static SshConnection connection;

  @BeforeAll
  static void start() {
    TestKeys.generate(folder, "key", "", "-t", "ed25519");
    server = new SshServer(folder).start("key");
    connection = server.open("bash", "key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "dash", "busybox"})
  void handsHostileWordsEnvironmentAndFolderToEveryShell(String user) {
    List<String> hostile =
        List.of(
            "", "a b", "it's", "$(id)", "`id`", "a;b", "*", "~", "-n", "\"", "\\", "a\nb", "ü",
            "!x", "#", "=x", "$0", "$$", "\\n", "%s");
    try (SshConnection shell = server.open(user, "key")) {
      ShellCommand command =
          ShellCommand.of("sh", "-c", "printf '<%s>' \"$@\" \"$GREETING\" \"$PWD\"", "sh")
              .with(hostile)
              .withVariable("GREETING", "it's $(id)")
              .in("/usr/share");

      assertThat(shell.run(command, DEADLINE).standardOutput())
          .isEqualTo("<" + String.join("><", hostile) + "><it's $(id)></usr/share>");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 127})
  void reportsTheExitStatus(int status) {
    assertThat(run("exit " + status).exitStatus()).isEqualTo(status);
  }

  @Test
  void runsCommandsAtOnceWhereTheServerAllowsFewerAtATime(@TempDir Path apart) {
    TestKeys.generate(apart, "key", "", "-t", "ed25519");
    try (SshServer strict = new SshServer(apart).withMostSessions(2).start("key");
        SshConnection shell = strict.open("bash", "key")) {
      List<CompletableFuture<String>> answers =
          IntStream.range(0, 8)
              .mapToObj(number -> ShellCommand.of("sh", "-c", "sleep 0.3; echo " + number))
              .map(
                  command ->
                      CompletableFuture.supplyAsync(
                          () -> shell.run(command, DEADLINE).standardOutput().strip(),
                          work -> new Thread(work).start()))
              .toList();

      assertThat(answers.stream().map(CompletableFuture::join))
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
    }
  }

  @Test
  void runsCommandsThatEndBeforeTheyHaveReadTheirInput() {
    for (int i = 0; i < 100; i++) {
      ShellCommand command = ShellCommand.of("true").reading(Secret.of("not read ".repeat(i)));
      assertThat(connection.run(command, DEADLINE).exitStatus()).isZero();
    }
  }

  @Test
  void reportsAMissingProgramAndASignalAsAShellDoes() {
    assertThat(connection.run(ShellCommand.of("no-such-program"), DEADLINE).exitStatus())
        .isEqualTo(127);
    assertThat(run("kill -9 $$").exitStatus()).isEqualTo(137);
  }

  /** As auditors have it; a shell that does not make way leads the group. */
  @ParameterizedTest
  @ValueSource(strings = {"bash", "dash", "busybox"})
  void endsACommandThatRunsInsideAnother(String user, @TempDir Path apart) {
    TestKeys.generate(apart, "key", "", "-t", "ed25519");
    try (SshServer audited = new SshServer(apart).start("key")) {
      audited.inside(
          "printf '#!/bin/sh\\nsh -c \"$SSH_ORIGINAL_COMMAND\"\\nstatus=$?\\nexit $status\\n' > /usr/bin/audit;"
              + " chmod 755 /usr/bin/audit; sed -i 's|^|command=\"/usr/bin/audit\" |' /etc/ssh/authorized_keys");
      try (SshConnection shell = audited.open(user, "key")) {
        assertThatThrownBy(() -> shell.run(ShellCommand.of("sleep", "4321"), Duration.ofSeconds(2)))
            .hasMessageEndingWith("It was stopped on the server.");
      }
      assertThat(audited.inside("pgrep -fx 'sleep 4321'").getStdout()).isEmpty();
    }
  }

  @Test
  void drainsTenMegabytesOnBothOutputs() {
    CommandResult result =
        run(
            "head -c 10000000 /dev/zero | tr '\\0' e >&2 & head -c 10000000 /dev/zero | tr '\\0' o;"
                + " wait");

    assertThat(result.standardOutput().length()).isEqualTo(10_000_000);
    assertThat(result.standardError().replaceFirst("from a login script\n", "").length())
        .isEqualTo(10_000_000);
  }

  @Test
  void tellsLinesAsTheyComeAndKeepsItsOwnMarkerOut() {
    List<String> lines = new ArrayList<>();

    CommandResult result =
        connection.run(sh("echo one; echo two >&2; printf three"), DEADLINE, lines::add);

    assertThat(lines).containsExactlyInAnyOrder("from a login script", "one", "two", "three");
    assertThat(result.standardError()).isEqualTo("from a login script\ntwo\n");
  }

  /** Each command of such an account is read past what its profile says, and ended in time. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo Welcome",
        "printf 'Welcome to %s' production; printf 'Be careful' >&2",
        "printf '\\377\\n\\n'; exec 2>/dev/null"
      })
  void readsAnswersPastALoginScriptThatPrints(String profile, @TempDir Path apart) {
    TestKeys.generate(apart, "key", "", "-t", "ed25519");
    try (SshServer chatty = new SshServer(apart).start("key")) {
      chatty.inside("cat > /home/bash/.bashrc <<'END'\n" + profile + "\nEND");
      try (SshConnection shell = chatty.open("bash", "key")) {
        List<String> lines = new ArrayList<>();
        CommandResult result =
            shell.run(
                sh("od -An -tx1; printf '\\n\\nlast'").reading(Secret.of("\n in \n")),
                DEADLINE,
                lines::add);

        assertThat(result.standardOutput()).isEqualTo(" 0a 20 69 6e 20 0a\n\n\nlast");
        assertThat(result.standardError()).doesNotContain("slipway-").doesNotContain("Welcome");
        assertThat(lines).doesNotContain("Welcome", "Welcome to production");
        assertThatThrownBy(() -> shell.run(ShellCommand.of("sleep", "4322"), Duration.ofSeconds(2)))
            .hasMessageEndingWith("It was stopped on the server.");
      }
      assertThat(chatty.inside("pgrep -fx 'sleep 4322'").getStdout()).isEmpty();
    }
  }

  @Test
  void keepsWhatAnAccountSaysThatRunsNoCommand(@TempDir Path apart) {
    TestKeys.generate(apart, "key", "", "-t", "ed25519");
    try (SshServer closed = new SshServer(apart).start("key")) {
      closed.inside("usermod --shell /usr/sbin/nologin bash");
      try (SshConnection shell = closed.open("bash", "key")) {
        CommandResult result = shell.run(ShellCommand.of("true"), DEADLINE);

        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.tail(1)).isEqualTo("This account is currently not available.");
      }
    }
  }

  @Test
  void passesInputThatNoProcessListShows() {
    Secret secret = Secret.of("correct horse battery staple");

    CommandResult result = connection.run(sh("ps -ewwo args; cat").reading(secret), DEADLINE);

    assertThat(result.standardOutput()).contains("ps -ewwo args").endsWith(secret.reveal());
    assertThat(result.standardOutput().replaceFirst(secret.reveal() + "$", ""))
        .doesNotContain("horse");
  }

  @Test
  void givesACommandWithoutInputAnEmptyOne() {
    assertThat(run("cat").standardOutput()).isEmpty();
  }

  @Test
  void runsSeveralCommandsAtOnceOverOneConnection() {
    List<CompletableFuture<String>> answers =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> run("echo " + number).standardOutput().strip()))
            .toList();

    for (int number = 0; number < answers.size(); number++) {
      assertThat(answers.get(number).join()).isEqualTo(Integer.toString(number));
    }
    assertThat(server.inside("pgrep -c -x -f 'sshd: bash@notty'").getStdout()).isEqualTo("1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "dash", "busybox"})
  void leavesNoProcessAfterTheDeadline(String user) {
    List<String> lines = new ArrayList<>();
    try (SshConnection shell = server.open(user, "key")) {
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class,
              () -> shell.run(sh("sleep 301 & sleep 302"), Duration.ofSeconds(1), lines::add));

      assertThat(failure.what())
          .isEqualTo(
              "\"sh -c 'sleep 301 & sleep 302'\" on %s did not end within 1 s. It was stopped on"
                  + " the server.",
              server.target(user));
      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNKNOWN_STATE);
      awaitNone("^sleep 30[12]");
      assertThat(shell.run(ShellCommand.of("true"), DEADLINE).succeeded()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sudo -n sleep 306", "sudo -n sh -c \"trap '' TERM; sleep 306; sleep 306\""})
  void leavesNothingThatSudoStartedAfterTheDeadline(String script) {
    try (SshConnection shell = server.open("admin", "key")) {
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class,
              () -> shell.run(sh(script + "; true"), Duration.ofSeconds(1)));

      assertThat(failure.what()).endsWith("It was stopped on the server.");
      awaitNone("^(sudo -n )?(sh -c trap.*)?sleep 306");
    }
  }

  @Test
  void saysWhenItMayNotEndWhatSudoStarted() {
    server.inside("echo 'admin ALL=(ALL) NOPASSWD:/usr/bin/env' > /etc/sudoers.d/admin");
    try (SshConnection shell = server.open("admin", "key")) {
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class,
              () ->
                  shell.run(
                      sh("sudo -n env sh -c \"trap '' TERM; sleep 307; sleep 307\"; true"),
                      Duration.ofSeconds(1)));

      assertThat(failure.what())
          .endsWith("It could not be stopped on the server and may still run there.");
    } finally {
      server.inside("pkill -KILL -f 'trap.*sleep 307'; pkill -KILL -f '^sleep 307'");
      server.inside("echo 'admin ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/admin");
    }
  }

  @Test
  void endsByForceWhatIgnoresAPoliteRequest() {
    SlipwayException failure =
        catchThrowableOfType(
            SlipwayException.class,
            () -> connection.run(sh("trap '' TERM; sleep 303"), Duration.ofSeconds(1)));

    assertThat(failure.what()).endsWith("It was stopped on the server.");
    awaitNone("^sleep 303");
  }

  @Test
  void stopsTheCommandWhenInterrupted() {
    Thread caller = Thread.currentThread();

    SlipwayException failure =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                connection.run(
                    sh("echo started; sleep 304"),
                    DEADLINE,
                    line -> {
                      if (line.equals("started")) {
                        caller.interrupt();
                      }
                    }));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.what()).endsWith("was interrupted. It was stopped on the server.");
    awaitNone("^sleep 304");
  }

  @Test
  void doesNotGuessTheOutcomeWhenTheConnectionIsLost() {
    try (SshConnection doomed = server.open("dash", "key")) {
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class,
              () ->
                  doomed.run(
                      sh("echo started; sleep 305"), DEADLINE, line -> killSessions("dash")));

      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNKNOWN_STATE);
      assertThat(failure.what())
          .isEqualTo(
              "The connection to %s was lost before \"sh -c 'echo started; sleep 305'\" told its"
                  + " exit status.",
              server.target("dash"));
      await()
          .dontCatchUncaughtExceptions()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(doomed.isOpen()).isFalse());
      SlipwayException next =
          catchThrowableOfType(
              SlipwayException.class, () -> doomed.run(ShellCommand.of("true"), DEADLINE));
      assertThat(next.what()).startsWith("\"true\" could not be started on ");
    } finally {
      server.inside("pkill -f '^sleep 305'");
    }
  }

  private static void killSessions(String user) {
    server.inside("pkill -KILL -f '^sshd: " + user + "'");
  }

  private static void awaitNone(String commandLine) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(server.inside("pgrep -f '" + commandLine + "'").getStdout()).isEmpty());
  }

  private static CommandResult run(String script) {
    return connection.run(sh(script), DEADLINE);
  }

  private static ShellCommand sh(String script) {
    return ShellCommand.of("sh", "-c", script);
  }
}
