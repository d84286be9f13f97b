package dev.slipway.effect.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import dev.slipway.command.EveryCommand;
import dev.slipway.command.ShellCommand;
import dev.slipway.command.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What InjectionTest shows of shells on this machine, through a real sshd to a server's shells. */
@Tag("deploy")
@Timeout(240)
class InjectionIT {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String RECORDERS = "/opt/recorders";
  private static final String PLACES = "/tmp/places/";

  /** What answers in place of programs that would do more than read and write files. */
  private static final String STAND_INS = "/opt/stand-ins";

  /** Where the users' shells find everything else. */
  private static final Map<String, String> PROGRAMS =
      Map.of("bash", "/usr/bin:/bin", "dash", "/usr/bin:/bin", "busybox", "/opt/busybox");

  @TempDir private static Path folder;
  @AutoClose private static SshServer server;

  @BeforeAll
  static void start() {
    TestKeys.generate(folder, "key", "", "-t", "ed25519");
    server = new SshServer(folder).start("key");
    server.inside("mkdir -p /opt/recorders /opt/stand-ins && install -d -m 777 " + PLACES);
    server.inside(
        "printf '%s\\n' '#!/bin/sh' 'printf \"%s\\\\0\" \"${0##*/}\" \"$@\" \"$MARKED\"'"
            + " > /opt/recorders/recorder && chmod 755 /opt/recorders/recorder");
    server.inside(
        "cd /opt/stand-ins && printf '%s\\n' '#!/bin/sh' 'touch \"/tmp/called-${0##*/}\"; echo answer'"
            + " > docker && chmod 755 docker"
            + " && for name in docker-compose escape git iptables sudo; do ln docker $name; done");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "dash", "busybox"})
  void everyCommandReachesAServersShellWordByWord(String user) {
    try (SshConnection connection = server.open(user, "key")) {
      qt().withExamples(1)
          .withShrinkCycles(0)
          .forAll(Words.manyGenerated())
          .checkAssert(words -> handsBack(connection, words, PLACES + user));
    }
    nothingEscaped();
  }

  /** By the server's own sh; only what acts on an engine or a repository is stood in for. */
  @ParameterizedTest
  @ValueSource(strings = {"bash", "dash", "busybox"})
  void everyScriptRunsNothingElseOnAServer(String user) {
    String path = STAND_INS + ":" + PROGRAMS.get(user);
    server.inside("rm -f /tmp/called-*");
    try (SshConnection connection = server.open(user, "key")) {
      connection.run(ShellCommand.of("mkdir", "-p", PLACES + user + Words.FILES), DEADLINE);
      for (ShellCommand script : scripts(PLACES + user)) {
        for (String word : script.arguments()) {
          if (word.startsWith(PLACES + user + Words.FOLDERS)) {
            connection.run(ShellCommand.of("mkdir", "-p", "--", word), DEADLINE);
          }
        }
        connection.run(script.withVariable("PATH", path), DEADLINE);
      }
    }
    assertThat(server.inside("ls /tmp").getStdout())
        .contains("called-docker\n", "called-git\n")
        .doesNotContain("called-escape");
    nothingEscaped();
  }

  private static List<ShellCommand> scripts(String places) {
    return Words.worst().stream()
        .flatMap(word -> EveryCommand.withEach(List.of(word), places).stream())
        .filter(made -> made.arguments().get(0).equals("sh"))
        .toList();
  }

  private static void nothingEscaped() {
    assertThat(server.inside("find / -xdev -name 'escaped*' 2>/dev/null").getStdout()).isEmpty();
  }

  private static void handsBack(SshConnection connection, List<String> words, String places) {
    List<ShellCommand> commands = EveryCommand.withEach(words, places);
    for (String program : programs(commands)) {
      server.inside("ln -sf recorder " + RECORDERS + "/" + program);
    }
    for (int i = 0; i < commands.size(); i++) {
      ShellCommand made = commands.get(i);
      String marked = words.get(i % words.size());
      made.directory()
          .ifPresent(
              place -> connection.run(ShellCommand.of("mkdir", "-p", "--", place), DEADLINE));
      ShellCommand recorded = made.withVariable("MARKED", marked).withVariable("PATH", RECORDERS);

      assertThat(connection.run(recorded, DEADLINE).standardOutput())
          .as(made.toString())
          .isEqualTo(String.join("\0", made.arguments()) + "\0" + marked + "\0");
    }
  }

  private static Set<String> programs(List<ShellCommand> commands) {
    return commands.stream().map(made -> made.arguments().get(0)).collect(Collectors.toSet());
  }
}
