package dev.slipway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.quicktheories.QuickTheory.qt;

import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.command.RecordingShell.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No word that somebody else chose becomes anything but a word, in any command and any shell. */
class InjectionTest {

  /** Programs that scripts call for what they do to files, and that may do it here. */
  private static final Set<String> HARMLESS =
      Set.of(
          "cat",
          "cp",
          "date",
          "df",
          "dirname",
          "flock",
          "grep",
          "head",
          "id",
          "mkdir",
          "mkfifo",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sha256sum",
          "sort",
          "stat",
          "tail",
          "touch",
          "tr",
          "wc");

  private static final Set<String> RECORDED =
      Set.of("docker", "docker-compose", "git", "iptables", "sudo", "escape");

  /** Options that take the next word, whatever it is. */
  private static final Set<String> TAKE_A_WORD =
      Set.of(
          "-C",
          "-p",
          "-f",
          "-w",
          "--alias",
          "--filter",
          "--format",
          "--name",
          "--network",
          "--scale",
          "--tail",
          "--type",
          "--username");

  /** Words that are the command of a container, which compose passes on as they are. */
  private static final Set<String> PASSED_ON = Set.of("arguments");

  @TempDir private Path temporary;
  private int shells;

  private RecordingShell shell(String... words) throws IOException {
    shells++;
    return new RecordingShell(
        List.of(words), Files.createDirectory(temporary.toRealPath().resolve("shell" + shells)));
  }

  private static boolean isHere(String program) {
    return Files.isExecutable(Path.of("/bin/" + program))
        || Files.isExecutable(Path.of("/usr/bin/" + program));
  }

  @Test
  void knowsEveryCommand() {
    assertThat(EveryCommand.all())
        .extracting(EveryCommand::toString)
        .hasSizeGreaterThan(50)
        .contains("HostCommands#fetch[class java.lang.String]", "ComposeTool.PLUGIN#version[]")
        .noneMatch(name -> name.startsWith("ShellCommand"));
    assertThat(EveryCommand.all()).allSatisfy(each -> each.places("/tmp"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void everyShellHandsEveryCommandItsWordsAndRunsNothingElse(String name) throws IOException {
    assumeTrue(isHere(name.replace(" sh", "")), name + " is not on this machine");
    qt().withExamples(2)
        .forAll(Words.manyGenerated())
        .checkAssert(words -> unchecked(() -> handsWordsBack(shell(name.split(" ")), words)));
  }

  private void handsWordsBack(RecordingShell shell, List<String> words)
      throws IOException, InterruptedException {
    Path places = Files.createDirectory(temporary.toRealPath().resolve("places" + shells));
    List<ShellCommand> commands = new ArrayList<>();
    for (ShellCommand made : EveryCommand.withEach(words, places.toString())) {
      for (String folder : made.directory().stream().toList()) {
        Files.createDirectories(Path.of(folder));
      }
      commands.add(made.withVariable("MARKED", words.get(commands.size() % words.size())));
    }
    Set<String> programs =
        commands.stream().map(each -> each.arguments().get(0)).collect(Collectors.toSet());
    programs.addAll(Set.of("escape", "touch"));
    shell.record(programs);

    List<List<Call>> called = shell.run(commands);

    assertThat(called).hasSameSizeAs(commands);
    for (int i = 0; i < commands.size(); i++) {
      assertThat(called.get(i))
          .as(commands.get(i).toString())
          .containsExactly(expected(commands.get(i), shell));
    }
    assertThat(shell.escaped()).isEmpty();
  }

  private static Call expected(ShellCommand command, RecordingShell shell) {
    List<String> words = command.arguments();
    return new Call(
        words.get(0),
        words.subList(1, words.size()),
        Map.of(
            "MARKED", command.environment().getOrDefault("MARKED", ""),
            "GIVEN", command.environment().getOrDefault("GIVEN", ""),
            "PWD", command.directory().orElse(shell.workingFolder().toString())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void everyScriptPassesItsWordsOnAndRunsNothingElse(String name) throws IOException {
    assumeTrue(isHere(name.replace(" sh", "")), name + " is not on this machine");
    qt().withExamples(1)
        .forAll(Words.manyGenerated())
        .checkAssert(words -> unchecked(() -> passesWordsOn(shell(name.split(" ")), words)));
  }

  private void passesWordsOn(RecordingShell shell, List<String> words)
      throws IOException, InterruptedException {
    Path places = Files.createDirectory(temporary.toRealPath().resolve("places" + shells));
    List<ShellCommand> scripts =
        Stream.of(Words.worst().subList(0, 1), Words.worst().subList(1, 2), words)
            .flatMap(each -> EveryCommand.withEach(each, places.toString()).stream())
            .filter(InjectionTest::isScript)
            .toList();

    List<List<Call>> called = runScripts(shell, scripts, places);

    for (int i = 0; i < scripts.size(); i++) {
      ShellCommand script = scripts.get(i);
      assertThat(called.get(i))
          .as(script.toString())
          .filteredOn(call -> RECORDED.contains(call.program()))
          .allSatisfy(call -> assertThat(call.program()).isNotEqualTo("escape"))
          .flatExtracting(Call::arguments)
          .allMatch(
              word ->
                  script.arguments().contains(word)
                      || unquoted(script.arguments().get(2)).contains(unquoted(word)));
    }
    assertThat(shell.escaped()).isEmpty();
  }

  /** A script's own text, which has words in quotes of one or two levels. */
  private static String unquoted(String text) {
    return text.replaceAll("['\"\\\\]", "");
  }

  private static boolean isScript(ShellCommand command) {
    return command.arguments().get(0).equals("sh") && command.arguments().get(1).equals("-c");
  }

  /** Runs scripts for real, but for programs that would do more than read and write files. */
  private List<List<Call>> runScripts(RecordingShell shell, List<ShellCommand> scripts, Path places)
      throws IOException, InterruptedException {
    Files.createDirectories(places.resolve("it's plain"));
    shell.recordAndRun(HARMLESS);
    shell.record(RECORDED);
    List<ShellCommand> bySh = new ArrayList<>();
    Path sh = Path.of("/bin/sh");
    for (ShellCommand script : scripts) {
      List<String> words = new ArrayList<>(script.arguments());
      words.set(0, sh.toString());
      bySh.add(new ShellCommand(words, script.environment(), script.directory(), script.input()));
    }
    List<List<Call>> called = shell.run(bySh);
    assertThat(called).hasSameSizeAs(scripts);
    return called;
  }

  @Test
  void noProgramIsGivenAnOptionInPlaceOfAName() throws IOException, InterruptedException {
    Path places = Files.createDirectory(temporary.toRealPath().resolve("places"));
    Map<ShellCommand, String> direct = new LinkedHashMap<>();
    Map<ShellCommand, String> scripts = new LinkedHashMap<>();
    for (EveryCommand each : EveryCommand.all()) {
      List<String> names = each.places(places.toString());
      for (int place = 0; place < names.size(); place++) {
        if (!PASSED_ON.contains(names.get(place))) {
          String what = each + ", place of " + names.get(place);
          each.with(Words.hostile("--help", place, places.toString()))
              .ifPresent(made -> (isScript(made) ? scripts : direct).put(made, what));
        }
      }
    }

    direct.forEach((made, what) -> assertNoOption(made.arguments(), what));
    List<List<Call>> called = runScripts(shell("sh"), List.copyOf(scripts.keySet()), places);
    List<String> whats = List.copyOf(scripts.values());
    for (int i = 0; i < whats.size(); i++) {
      for (Call call : called.get(i)) {
        assertNoOption(call.arguments(), whats.get(i) + ", given to " + call.program());
      }
    }
  }

  private static void assertNoOption(List<String> words, String what) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith("--help")) {
        assertThat(
                i > 0 && TAKE_A_WORD.contains(words.get(i - 1))
                    || words.subList(0, i).contains("--"))
            .as("%s: %s", what, words)
            .isTrue();
      }
    }
  }

  @Test
  void wouldNoticeAWordThatEscapes() throws IOException, InterruptedException {
    RecordingShell shell = shell("sh");
    shell.record(Set.of("echo-words", "escape"));

    List<List<Call>> called =
        shell.run(List.of(ShellCommand.of("/bin/sh", "-c", "echo-words $(escape); : > escaped")));

    assertThat(called.get(0)).extracting(Call::program).containsExactly("escape", "echo-words");
    assertThat(shell.escaped()).hasSize(1);
  }

  @Test
  void aVariableIsOneLineOfTheFileOrRefused() throws IOException {
    Path file = temporary.resolve("variables");
    HostCommands commands = new HostCommands("/opt/platform-v2");
    qt().withExamples(20)
        .forAll(Words.generated())
        .checkAssert(
            value ->
                unchecked(
                    () -> {
                      Files.writeString(file, "A=1\nTAG=old\n");
                      Optional<ShellCommand> made = made(commands, file, value);
                      if (made.isPresent()) {
                        assertThat(runHere(made.get())).isZero();
                        assertThat(Files.readString(file, StandardCharsets.UTF_8))
                            .isEqualTo("A=1\nTAG=" + value + "\n");
                      } else {
                        assertThat(value).containsAnyOf("\r", "\n");
                      }
                    }));
  }

  private static Optional<ShellCommand> made(HostCommands commands, Path file, String value) {
    try {
      return Optional.of(commands.setVariable(file.toString(), "TAG", value));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  private static int runHere(ShellCommand command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", command.toShell()).start().waitFor();
  }

  @Test
  void aContainersNameEndsNoRequestLine() {
    SwapCommands commands = new SwapCommands(new HostCommands("/opt/platform-v2"));
    qt().withExamples(200)
        .forAll(Words.generated())
        .checkAssert(
            name -> {
              try {
                String request =
                    commands.create(name, "{}").input().map(Secret::reveal).orElseThrow();
                assertThat(request)
                    .startsWith("POST /containers/create?name=" + name + " HTTP/1.1\r\nHost: ");
                assertThat(name).matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
              } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("not the name of a container");
              }
            });
  }

  @Test
  void aLineOfTheLedgerStaysOne() {
    HostCommands commands = new HostCommands("/opt/platform-v2");
    qt().withExamples(200)
        .forAll(Words.generated())
        .checkAssert(
            reason -> {
              String line = Json.line(Map.of("reason", reason));
              assertThat(Json.tree(line).path("reason").asText()).isEqualTo(reason);
              assertThat(commands.appendLedger(line).input()).contains(Secret.of(line + "\n"));
            });
    assertThatThrownBy(() -> commands.appendLedger("{}\n{}")).hasMessageContaining("one line");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--upload-pack=touch escaped", "+refs/heads/*:refs/heads/*", "HEAD", "main", ""})
  void aCommitIsAnIdAndNothingElse(String commit) {
    HostCommands commands = new HostCommands("/opt/platform-v2");

    assertThatThrownBy(() -> commands.fetch(commit)).hasMessageContaining("not the id of a commit");
  }

  /** A check that may fail to read or write. */
  private interface Check {
    void run() throws IOException, InterruptedException;
  }

  private static void unchecked(Check check) {
    try {
      check.run();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupt);
    }
  }
}
