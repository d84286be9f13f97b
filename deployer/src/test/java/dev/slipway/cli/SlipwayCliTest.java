package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says of itself, before it looks at any platform or server. */
class SlipwayCliTest {

  private static final String COLOURS = "picocli.ansi";

  @TempDir private Path folder;
  private String printed = "";

  private int slipway(Map<String, String> variables, String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int status = SlipwayCli.run(variables, print, print, arguments);
    printed = bytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  private static JsonNode json(int status, Map<String, String> variables, String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    PrintStream beside = new PrintStream(OutputStream.nullOutputStream(), false);
    assertThat(SlipwayCli.run(variables, print, beside, arguments)).isEqualTo(status);
    return Json.tree(bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void tellsProgramsWhyItRefused() {
    JsonNode refused = json(2, Map.of(), "history", "--json", "--lines", "0");

    assertThat(refused.path("error").asText()).isEqualTo("--lines must be 1 or more, not 0.");
    assertThat(refused.path("advice").asText()).isEqualTo("Leave it out for the newest 20.");
    assertThat(refused.path("exitCode").asInt()).isEqualTo(2);
  }

  @Test
  void tellsProgramsWhichArgumentsItDoesNotKnow() {
    JsonNode refused = json(2, Map.of(), "deploy", "--json", "--forse");

    assertThat(refused.path("error").asText()).contains("--forse");
    assertThat(refused.path("advice").asText()).contains("slipway deploy --help");
    assertThat(refused.path("exitCode").asInt()).isEqualTo(2);
  }

  @Test
  void migrationsTakesOneWayOfNamingRevisions() {
    JsonNode refused =
        json(2, Map.of(), "migrations", "--json", "--revision", "a1", "--since", "main");

    assertThat(refused.path("error").asText()).startsWith("--revision and --since exclude each");
  }

  @Test
  void doctorNamesAllThatIsMissingAtOnce() {
    Map<String, String> variables = Map.of("SLIPWAY_ROOT", folder.toString(), "HOME", "/nowhere");
    JsonNode lines = json(2, variables, "doctor", "--json", "--platform", folder.toString());

    assertThat(lines.findValuesAsText("found"))
        .contains(
            "PROD_SERVER_HOST is not set",
            "PROD_SERVER_USER is not set",
            "PROD_SSH_KEY is not set",
            "PROD_SSH_KNOWN_HOSTS is not set")
        .contains(folder + " is not inside a git repository with a commit.");
    assertThat(lines.findValuesAsText("name")).startsWith("engine").endsWith("platform");
    assertThat(lines.path(1).path("fix").asText()).startsWith("Set it to the server's name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plan",
        "deploy",
        "rollback",
        "backups",
        "restore",
        "release",
        "migrations",
        "status",
        "history",
        "logs",
        "doctor",
        "bootstrap",
        "maintenance",
        "unlock"
      })
  void showsHelpInTheColumnsThatThereAreWithoutBreakingAnExample(String command) {
    slipway(Map.of("COLUMNS", "120"), (command + " --help").strip().split(" ", -1));
    String wide = printed;
    slipway(Map.of(), (command + " --help").strip().split(" ", -1));

    assertThat(wide.lines().mapToInt(String::length).max().orElseThrow()).isBetween(81, 120);
    assertThat(printed.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    List<String> examples =
        wide.lines().filter(line -> line.matches("  (\\S+=\\S+ )?slipway .*")).toList();
    assertThat(examples).isNotEmpty();
    assertThat(printed.lines()).containsAll(examples);
  }

  @Test
  void printsNoEscapeCodeOnADumbTerminal() {
    System.setProperty(COLOURS, "true");

    slipway(Map.of("TERM", "dumb"), "--help");

    assertThat(printed).isNotEmpty().doesNotContain("\u001b[");
  }

  @AfterEach
  void leaveColoursToTheTerminal() {
    System.clearProperty(COLOURS);
  }

  @Test
  void namesEveryCommandAndExitCode() {
    assertThat(slipway(Map.of(), "--help")).isZero();

    assertThat(printed)
        .contains("plan", "deploy", "rollback", "release", "status", "history", "logs", "doctor")
        .contains(
            "unlock",
            "bootstrap",
            "maintenance",
            "generate-completion",
            "Examples:",
            "8 serving but incomplete");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plan",
        "deploy",
        "rollback",
        "release",
        "status",
        "history",
        "logs",
        "doctor",
        "bootstrap",
        "maintenance",
        "unlock"
      })
  void showsExamplesOfEveryCommand(String command) {
    assertThat(slipway(Map.of(), command, "--help")).isZero();

    assertThat(printed).containsPattern("Examples?:\n  .*slipway " + command);
    assertThat(printed).contains("--json", "--platform");
  }

  @Test
  void showsTheHelpOfACommandThatIsNamed() {
    assertThat(slipway(Map.of(), "plan", "--help")).isZero();
    String help = printed;

    assertThat(slipway(Map.of(), "help", "plan")).isZero();
    assertThat(printed).isEqualTo(help);
    assertThat(slipway(Map.of(), "help")).isZero();
    assertThat(printed).contains("Exit codes:");
    assertThat(slipway(Map.of(), "help", "plam")).isEqualTo(ExitCode.REFUSED.status());
    assertThat(printed).contains("plam");
  }

  @ParameterizedTest
  @ValueSource(strings = {"restore", "bootstrap"})
  void asksInTheSameWayWhereverItAsks(String command) {
    slipway(Map.of("COLUMNS", "120"), command, "--help");

    assertThat(printed)
        .containsPattern("-y, --yes +Do not ask; needed where there is no terminal\\.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"history", "logs"})
  void saysThatLinesAreANumber(String command) {
    slipway(Map.of(), command, "--help");

    assertThat(printed).contains("--lines=N");
  }

  @Test
  void connectsAtOnceOnlyWhereNothingElseCanBeMeant() {
    assertThat(Verbs.onlyLook("status")).isTrue();
    assertThat(Verbs.onlyLook("history", "--json")).isTrue();
    assertThat(Verbs.onlyLook()).isFalse();
    assertThat(Verbs.onlyLook("status", "--help")).isFalse();
    assertThat(Verbs.onlyLook("status", "backend")).isFalse();
    assertThat(Verbs.onlyLook("deploy")).isFalse();
  }

  @Test
  void refusesACommandOrAnOptionThatItDoesNotKnow() {
    assertThat(slipway(Map.of(), "rolback")).isEqualTo(ExitCode.REFUSED.status());
    assertThat(printed).contains("rolback", "rollback", "`slipway --help`");
    assertThat(slipway(Map.of(), "deploy", "--forse")).isEqualTo(ExitCode.REFUSED.status());
    assertThat(printed).contains("--forse");
  }

  @Test
  void writesNoColoursIntoAFileOfErrors() {
    System.setProperty(COLOURS, "true");

    assertThat(slipway(Map.of(), "rolback")).isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).isNotEmpty().doesNotContain("\u001b[");
  }

  @Test
  void saysThatAPageIsNotUtf8() throws IOException {
    Path page = Files.write(folder.resolve("page"), new byte[] {'f', (byte) 0xFC, 'r'});

    assertThat(slipway(Map.of(), "maintenance", "on", "--page", page.toString()))
        .isEqualTo(ExitCode.REFUSED.status());

    assertThat(printed).contains(page + " is not UTF-8.");
  }

  @Test
  void refusesAServiceThatDockerWouldTakeForAnOption() {
    assertThat(slipway(Map.of(), "logs", "--since", "10m", "--", "--help"))
        .isEqualTo(ExitCode.REFUSED.status());
    assertThat(printed).contains("'--help' is no name for a service", "slipway status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "1d", "yesterday", "10", "10m x"})
  void refusesLogsSinceWhatIsNoTime(String time) {
    assertThat(slipway(Map.of(), "logs", "--since", time)).isEqualTo(ExitCode.REFUSED.status());
    assertThat(printed)
        .contains("--since is no time: \"" + time + "\".", "10m", "2026-01-01T12:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"history -n -3", "history -n 0", "logs -n -1"})
  void refusesSoFewLines(String command) {
    assertThat(slipway(Map.of(), command.split(" ", -1))).isEqualTo(ExitCode.REFUSED.status());
    assertThat(printed).contains("--lines must be");
  }

  @Test
  void completesCommandsInBash() throws IOException {
    assertThat(slipway(Map.of(), "generate-completion")).isZero();

    Path script = Files.writeString(folder.resolve("completion"), printed);
    assertThat(completed(script, "ro")).isEqualTo("rollback");
    assertThat(completed(script, "hel")).isEqualTo("help");
  }

  private static String completed(Path script, String begun) {
    CommandResult result =
        new LocalProcess()
            .run(
                ShellCommand.of("bash", "-c")
                    .with(
                        "source \"$0\"; COMP_WORDS=(slipway \"$1\"); COMP_CWORD=1; _complete_slipway; echo \"${COMPREPLY[@]}\"",
                        script.toString(),
                        begun),
                Duration.ofSeconds(30));
    assertThat(result.succeeded()).as(result.tail(5)).isTrue();
    return result.standardOutput().strip();
  }

  @Test
  void printsNoEscapeCodeWhereColoursAreNotWanted() {
    System.setProperty(COLOURS, "true");
    slipway(Map.of("NO_COLOR", ""), "--help");
    assertThat(printed).contains("\u001b[");
    System.clearProperty(COLOURS);

    slipway(Map.of("NO_COLOR", "1"), "--help");
    assertThat(printed).isNotEmpty().doesNotContain("\u001b[");
  }

  /** What libraries and Slipway's own classes log goes past the log of a deployment. */
  @Test
  void takesSecretsOutOfDiagnosticsToo() throws IOException {
    Path key = Files.writeString(folder.resolve("swordfish"), "no key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Path root = Path.of("").toAbsolutePath().resolve("..").normalize();

    CommandResult result =
        new LocalProcess()
            .run(
                ShellCommand.of(Path.of(System.getProperty("java.home"), "bin/java").toString())
                    .with("-cp", withoutTests(System.getProperty("java.class.path", "")))
                    .with(SlipwayCli.class.getName(), "status")
                    .with("--platform", root.resolve("fixtures/platform").toString())
                    .withVariable("SLIPWAY_ROOT", root.toString())
                    .withVariable("REGISTRY", "registry.example/platform-v2")
                    .withVariable("PROD_SERVER_HOST", "127.0.0.1")
                    .withVariable("PROD_SERVER_USER", "deploy")
                    .withVariable("PROD_SSH_KEY", key.toString())
                    .withVariable("A_PASSWORD", "swordfish"),
                Duration.ofMinutes(1));

    assertThat(result.exitStatus()).as(result.tail(20)).isEqualTo(ExitCode.REFUSED.status());
    assertThat(result.standardError())
        .startsWith("PROD_SSH_KEY: ")
        .contains("/[secret] can be read by others")
        .doesNotContain("swordfish");
  }

  /** Where no logback-test.xml is. */
  private static String withoutTests(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void keepsWhatGoesToTheEngineOutOfDiagnostics() {
    String client = "com.github.dockerjava.zerodep.shaded.org.apache.hc.client5.http";
    LoggerContext context = new LoggerContext();

    ConsoleLogging.apply(context);

    for (String logger : List.of("headers", "wire")) {
      assertThat(context.getLogger(client + "." + logger).getLevel()).isEqualTo(Level.OFF);
    }
    assertThat(ZerodepDockerHttpClient.class.getResource("/" + client.replace('.', '/')))
        .isNotNull();
  }
}
