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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
          "chmod",
          "cp",
          "date",
          "df",
          "dirname",
          "flock",
          "grep",
          "head",
          "id",
          "ls",
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
          "test",
          "timeout",
          "touch",
          "tr",
          "wc");

  private static final Set<String> RECORDED =
      Set.of(
          "docker",
          "docker-compose",
          "git",
          "iptables",
          "pg_restore",
          "program",
          "psql",
          "sudo",
          "escape");

  /** What else makes commands, each of words that are its own or that another test hands it. */
  private static final Set<String> MADE_ELSEWHERE =
      Set.of(
          "Columns#ofTerminal",
          "Export#checkOut",
          "GitRepository#changes",
          "GitRepository#git",
          "GitRepository#push",
          "GitRepository#read",
          "GitRepository#snapshot",
          "GitRepository#writeTree",
          "ImageBuilder#findBuildKit",
          "RemoteCommand#<init>",
          "RemoteShell#killed");

  /** Options that take the next word, whatever it is. */
  private static final Set<String> TAKE_A_WORD =
      Set.of(
          "-C",
          "-p",
          "-f",
          "-w",
          "-v",
          "--alias",
          "--link",
          "--build-arg",
          "--cpu-shares",
          "--env",
          "--file",
          "--filter",
          "--format",
          "--label",
          "--name",
          "--network",
          "--scale",
          "--since",
          "--tag",
          "--tail",
          "--type",
          "--username");

  /** Words that are the command of a container, which compose passes on as they are. */
  private static final Set<String> PASSED_ON = Set.of("arguments", "command", "program");

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
        .hasSizeGreaterThan(120)
        .contains("CheckoutCommands#fetch[class java.lang.String]", "ComposeTool.PLUGIN#version[]")
        .noneMatch(name -> name.startsWith("ShellCommand"));
    assertThat(EveryCommand.all()).allSatisfy(each -> each.places("/tmp"));
    assertThat(EveryCommand.makers()).isEqualTo(MADE_ELSEWHERE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void everyShellHandsEveryCommandItsWordsAndRunsNothingElse(String name) throws IOException {
    assumeTrue(isHere(name.replace(" sh", "")), name + " is not on this machine");
    qt().withExamples(1)
        .withShrinkCycles(0)
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
        .withShrinkCycles(0)
        .forAll(Words.manyGenerated())
        .checkAssert(words -> unchecked(() -> passesWordsOn(shell(name.split(" ")), words)));
  }

  private void passesWordsOn(RecordingShell shell, List<String> words)
      throws IOException, InterruptedException {
    Path places = Files.createDirectory(temporary.toRealPath().resolve("places" + shells));
    List<ShellCommand> commands =
        Stream.of(Words.worst().subList(0, 1), Words.worst().subList(1, 2), words)
            .flatMap(each -> EveryCommand.withEach(each, places.toString()).stream())
            .toList();
    List<ShellCommand> scripts = commands.stream().filter(InjectionTest::isScript).toList();
    List<ShellCommand> bySudo = scripts.stream().map(DockerAccess.SUDO::apply).toList();

    List<List<Call>> called = runScripts(shell, scripts, places);
    runScripts(shell, bySudo, places);
    List<ShellCommand> inContainers =
        Stream.concat(
                commands.stream().map(ShellCommand::arguments),
                called.stream().flatMap(List::stream).map(InjectionTest::words))
            .flatMap(each -> inContainer(each, words).stream())
            .distinct()
            .toList();
    assertThat(inContainers.size()).isGreaterThan(60);
    runScripts(shell, inContainers, places);

    assertThat(shell.escaped()).isEmpty();
  }

  private static List<String> words(Call call) {
    return Stream.concat(Stream.of(call.program()), call.arguments().stream()).toList();
  }

  /**
   * The script of psql or pg_restore that a command runs in a container, whose own login is as
   * hostile as the rest.
   */
  private static Optional<ShellCommand> inContainer(List<String> words, List<String> hostile) {
    int script = words.indexOf("sh");
    if (script < 1
        || !words.get(0).equals("docker")
        || !words.get(1).equals("exec")
        || !words.get(script + 2).matches("(?s).*(psql|pg_restore) .*")) {
      return Optional.empty();
    }
    int any = Math.floorMod(words.hashCode(), hostile.size());
    return Optional.of(
        ShellCommand.of(words.subList(script, words.size()))
            .withVariable("POSTGRES_USER", hostile.get(any))
            .withVariable("POSTGRES_DB", hostile.get((any + 1) % hostile.size()))
            .withVariable("POSTGRES_PASSWORD", hostile.get((any + 2) % hostile.size())));
  }

  private static void assertNothingElse(ShellCommand script, List<Call> called) {
    assertThat(called)
        .as(script.toString())
        .filteredOn(call -> RECORDED.contains(call.program()))
        .allSatisfy(call -> assertThat(call.program()).isNotEqualTo("escape"))
        .flatExtracting(Call::arguments)
        .allMatch(word -> isGivenTo(script, word));
  }

  /** Whether a word is one of the script's own, one that it was given, or one after the other. */
  private static boolean isGivenTo(ShellCommand script, String word) {
    String text = unquoted(script.arguments().get(2));
    return Stream.concat(
            script.arguments().stream(), Stream.of(RecordingShell.ANSWER, "", "answer answer"))
        .filter(word::endsWith)
        .map(given -> word.substring(0, word.length() - given.length()))
        .anyMatch(own -> text.contains(unquoted(own)));
  }

  @Test
  void anAccountWithSudoCallsDockerByItAndNowhereElse() throws IOException, InterruptedException {
    Path places = Files.createDirectory(temporary.toRealPath().resolve("places"));
    List<ShellCommand> commands = new ArrayList<>();
    for (EveryCommand each : EveryCommand.all()) {
      for (String word : List.of("docker-compose", "docker", "word")) {
        each.with(Words.hostile(word, places.toString())).ifPresent(commands::add);
      }
    }
    // What finds out whether sudo is needed goes around it; what has it already, needs no more.
    commands.removeIf(
        made ->
            made.arguments().get(0).equals("sudo") || made.toString().contains("command docker"));
    assertThat(commands).hasSizeGreaterThan(200);
    List<ShellCommand> bySudo = commands.stream().map(DockerAccess.SUDO::apply).toList();

    List<List<Call>> own = runScripts(shell("sh"), commands, places);
    List<List<Call>> asOther = runScripts(shell("sh"), bySudo, places);

    for (int i = 0; i < commands.size(); i++) {
      String what = commands.get(i).toString();
      assertThat(docker(asOther.get(i)))
          .as(what)
          .allSatisfy(words -> assertThat(words).startsWith("sudo", "-n", "-E"));
      if (!what.contains("kill -0")) { // or how often it looks depends on the machine
        assertThat(docker(asOther.get(i)))
            .as(what)
            .isEqualTo(docker(own.get(i)).stream().map(InjectionTest::bySudo).toList());
      }
    }
  }

  private static List<String> bySudo(List<String> words) {
    return Stream.concat(Stream.of("sudo", "-n", "-E"), words.stream()).toList();
  }

  /** The calls of docker, or of sudo for it. */
  private static List<List<String>> docker(List<Call> called) {
    return called.stream()
        .filter(call -> Set.of("sudo", "docker", "docker-compose").contains(call.program()))
        .map(InjectionTest::words)
        .toList();
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
    shell.recordAndRun(HARMLESS);
    shell.record(RECORDED);
    List<ShellCommand> bySh = new ArrayList<>();
    for (ShellCommand script : scripts) {
      makeFiles(places, script);
      List<String> words = new ArrayList<>(script.arguments());
      if (words.get(0).equals("sh")) {
        words.remove(0);
        words.addAll(0, shell.words());
      }
      bySh.add(new ShellCommand(words, script.environment(), script.directory(), script.input()));
    }
    List<List<Call>> called = shell.run(bySh);
    assertThat(called).hasSameSizeAs(scripts);
    for (int i = 0; i < scripts.size(); i++) {
      if (isScript(scripts.get(i))) {
        assertNothingElse(scripts.get(i), called.get(i));
      }
    }
    return called;
  }

  /** Without its files a script would end before it has done anything with its words. */
  private static void makeFiles(Path places, ShellCommand script) throws IOException {
    Files.createDirectories(Path.of(places + Words.FILES));
    for (String word :
        Stream.concat(script.arguments().stream(), script.directory().stream()).toList()) {
      if (word.startsWith(places + Words.FOLDERS)) {
        String name = word.substring((places + Words.FOLDERS).length()).replaceFirst("/.*", "");
        Files.createDirectories(Path.of(places + Words.FOLDERS + name + "/.slipway/backups"));
      } else if (word.startsWith(places + Words.FILES) && Files.notExists(Path.of(word))) {
        Files.createFile(Path.of(word));
      }
    }
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

  /** What follows a shell's script are its parameters, which it is asked for itself. */
  private static void assertNoOption(List<String> all, String what) {
    int shell = all.indexOf("-c");
    List<String> words = shell > 0 && all.get(shell - 1).equals("sh") ? all.subList(0, shell) : all;
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith("--help")) {
        assertThat(
                (i > 0 && TAKE_A_WORD.contains(words.get(i - 1)))
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
        shell.run(
            List.of(
                ShellCommand.of(shell.words()).with("-c", "echo-words $(escape); : > escaped")));

    assertThat(called.get(0)).extracting(Call::program).containsExactly("escape", "echo-words");
    assertThat(shell.escaped()).hasSize(1);
  }

  @Test
  void aVariableIsOneLineOfTheFileOrRefused() throws IOException {
    Path file = temporary.resolve("variables");
    HostCommands commands = new HostCommands("/opt/platform-v2");
    qt().withExamples(100)
        .forAll(Words.generated())
        .checkAssert(
            value ->
                unchecked(
                    () -> {
                      Files.writeString(file, "A=1\nTAG=old\n");
                      Optional<ShellCommand> made = made(commands, file, value);
                      if (made.isPresent()) {
                        assertThat(value).doesNotContain("\r", "\n");
                        assertThat(runHere(made.get())).isZero();
                        assertThat(Files.readString(file, StandardCharsets.UTF_8))
                            .isEqualTo("A=1\nTAG=" + value + "\n");
                      } else {
                        assertThat(value).containsAnyOf("\r", "\n");
                      }
                    }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nPASSWORD=b", "\n", "\r", "a\r\nb"})
  void aSecondLineIsRefusedWhereOneIsMeant(String lines) {
    HostCommands host = new HostCommands("/opt/platform-v2");
    LockCommands lock = host.lock();
    List<ThrowingCallable> all =
        List.of(
            () -> host.variables().setVariable("/opt/platform-v2/.env", "TAG", lines),
            () -> host.appendLedger(lines),
            () -> lock.take(lines),
            () -> lock.takeOver(lines, Duration.ZERO, "next"),
            () -> lock.takeOver("dead", Duration.ZERO, lines),
            () -> lock.renew(lines),
            () -> lock.giveBack(lines),
            () -> new SwapCommands(host).noteStopping(List.of(lines)),
            () -> new DatabaseCommands("/opt/platform-v2").path(lines));

    assertThat(all)
        .allSatisfy(made -> assertThatThrownBy(made).hasMessageContaining("not one line"));
  }

  private static Optional<ShellCommand> made(HostCommands commands, Path file, String value) {
    try {
      return Optional.of(commands.variables().setVariable(file.toString(), "TAG", value));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  private static int runHere(ShellCommand command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", command.toShell()).start().waitFor();
  }

  @Test
  void aBackupsNameLeadsNowhereElse() {
    DatabaseCommands commands = new DatabaseCommands("/opt/platform-v2");
    qt().withExamples(200)
        .forAll(Words.generated())
        .checkAssert(
            name -> {
              try {
                assertThat(Path.of(commands.path(name)).normalize())
                    .hasParentRaw(Path.of(commands.folder()));
              } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("not ");
              }
            });
    for (String name : List.of("..", ".", "../../ledger.jsonl", "/etc/passwd", "a\nb", "")) {
      assertThatThrownBy(() -> commands.path(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aDatabasesNameIsNoConnectionString() {
    DatabaseCommands commands = new DatabaseCommands("/opt/platform-v2");
    qt().withExamples(200)
        .forAll(Words.generated())
        .checkAssert(
            name -> {
              List<String> words = commands.factsOf("id", name).arguments();
              String connection = words.get(words.indexOf("-d") + 1);
              assertThat(connection).matches("(?s)dbname='(?:[^'\\\\]++|\\\\.)*+'");
              assertThat(connection.substring(8, connection.length() - 1))
                  .isEqualTo(name.replaceAll("['\\\\]", "\\\\$0"));
            });
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

    assertThatThrownBy(() -> commands.git().fetch(commit))
        .hasMessageContaining("not the id of a commit");
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
