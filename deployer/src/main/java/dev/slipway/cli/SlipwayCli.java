package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.DeployLog;
import dev.slipway.deploy.Redaction;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.git.Workspace;
import dev.slipway.release.ReleaseManifest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The slipway command. */
@Command(
    name = "slipway",
    description = "Ships what was proved, to one server over SSH, and knows the way back.",
    mixinStandardHelpOptions = true,
    version = "slipway 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PlanCommand.class,
      DeployCommand.class,
      RollbackCommand.class,
      ReleaseCommand.class,
      MigrationsCommand.class,
      StatusCommand.class,
      HistoryCommand.class,
      LogsCommand.class,
      DoctorCommand.class,
      UnlockCommand.class,
      GenerateCompletion.class
    },
    footer = {
      "",
      "Examples:",
      "  slipway plan                 show each step and its cause, change nothing",
      "  slipway deploy               ship the commit that is checked out and was proved",
      "  slipway rollback             bring back the last good release",
      "  slipway doctor               check everything that a deployment needs",
      "  slipway migrations           walk the migrations that are being written",
      "",
      "Exit codes: 0 done, 2 refused, 3 failed with the old version serving, 4 rolled back, 5"
          + " rolled back on a newer",
      "schema, 6 locked, 7 unknown state, 8 serving but incomplete. See docs/exit-codes.md."
    })
public final class SlipwayCli {

  private static final Logger LOG = LoggerFactory.getLogger(SlipwayCli.class);

  private final Environment environment;
  private final PrintStream out;
  private final PrintStream error;
  private final Redaction redaction;

  @Option(
      names = "--platform",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "The platform's folder; by default this checkout, or fixtures/platform in Slipway's own.")
  private @Nullable String platform;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON value instead of text.")
  private boolean json;

  private SlipwayCli(Map<String, String> variables, PrintStream out, PrintStream error) {
    this.environment = new Environment(variables);
    this.out = out;
    this.error = error;
    this.redaction = new Redaction(environment.secrets());
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream error =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
    Interruption interruption = Interruption.install(Thread.currentThread());
    int status = run(System.getenv(), out, error, arguments);
    interruption.finished(status);
    System.exit(status);
  }

  /** Runs one command with these variables and outputs. */
  public static int run(
      Map<String, String> variables, PrintStream out, PrintStream error, String... arguments) {
    SlipwayCli cli = new SlipwayCli(variables, out, error);
    return new CommandLine(cli)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(error, true, StandardCharsets.UTF_8))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                variables.getOrDefault("NO_COLOR", "").isEmpty()
                    ? CommandLine.Help.Ansi.AUTO
                    : CommandLine.Help.Ansi.OFF))
        .setExecutionExceptionHandler((failure, line, parsed) -> cli.explain(failure))
        .execute(arguments);
  }

  private int explain(Exception failure) {
    DeployLog log = new DeployLog(error::println, redaction);
    if (failure instanceof SlipwayException known) {
      log.failed(known);
      LOG.debug("cause: {}", trace(known));
      return known.exitCode().status();
    }
    log.note("slipway failed: " + failure);
    LOG.error("This is a fault in slipway; please report it with these lines. {}", trace(failure));
    return ExitCode.INTERNAL_ERROR.status();
  }

  /** A stack trace without secrets: a message in it may quote what a command printed. */
  private String trace(Exception failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return redaction.apply(text.toString());
  }

  Clock clock() {
    return Clock.systemUTC();
  }

  boolean json() {
    return json;
  }

  PrintStream out() {
    return out;
  }

  /**
   * How a deployment or rollback of this release ended, as the exit status and, if asked for, as
   * JSON.
   */
  int ended(ExitCode code, ReleaseManifest release) {
    if (json) {
      out.println(
          Json.line(Map.of("outcome", code, "exitCode", code.status(), "release", release)));
    }
    return code.status();
  }

  /** User-visible text: on the standard output, or beside it when that carries JSON. */
  DeployLog log() {
    return new DeployLog(json ? error::println : out::println, redaction);
  }

  Project project() {
    return new Project(workspace(), environment);
  }

  WorkingPlatform workingPlatform(DockerEngine engine) {
    return new WorkingPlatform(engine, environment, workspace());
  }

  private Workspace workspace() {
    Path root = Path.of(environment.find("SLIPWAY_ROOT").orElse("."));
    Workspace workspace =
        Workspace.of(
            root,
            Optional.ofNullable(platform)
                .filter(given -> !given.isBlank())
                .map(given -> Path.of(given).toAbsolutePath().toString()));
    return environment
        .find("SLIPWAY_OUTPUT")
        .map(Path::of)
        .map(workspace::withOutput)
        .orElse(workspace);
  }

  Session session(Project project) {
    return Session.open(project, log(), clock());
  }
}
