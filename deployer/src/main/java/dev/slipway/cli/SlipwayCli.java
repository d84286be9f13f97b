package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.deploy.log.DeployEvents;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.deploy.report.DeployReport;
import dev.slipway.deploy.report.Timeline;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.effect.git.Workspace;
import dev.slipway.effect.http.HttpDoor;
import dev.slipway.effect.http.ProxyVariables;
import dev.slipway.release.ReleaseManifest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The slipway command. */
@Command(
    name = "slipway",
    description = "Ships what was proved, to one server over SSH, and knows the way back.",
    mixinStandardHelpOptions = true,
    version = "slipway 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  slipway plan                 show each step with its cause, change nothing",
      "  slipway deploy               ship the commit that is checked out and proved",
      "  slipway rollback             bring back the last good release",
      "  slipway restore latest       bring the newest backup back, after asking",
      "  slipway doctor               check everything that a deployment needs",
      "  slipway bootstrap            prepare a bare server for its first deployment",
      "  slipway migrations           walk the migrations that are being written",
      "",
      "Exit codes: 0 done, 2 refused, 3 failed with the old version serving,",
      "4 rolled back, 5 rolled back on a newer schema, 6 locked, 7 unknown state,",
      "8 serving but incomplete, 9 drifted. See docs/exit-codes.md."
    })
public final class SlipwayCli {

  /** Picocli's own limit. */
  private static final int LEAST_HELP_COLUMNS = 55;

  private final Environment environment;
  private final PrintStream out;
  private final PrintStream error;
  private final Redaction redaction;
  private final boolean terminal;
  private DeployEvents events = DeployEvents.NONE;
  private @Nullable StepDisplay display;
  private Optional<Connecting> begun = Optional.empty();

  @Option(
      names = "--platform",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "The platform's folder. Default: the folder or repository you are in, if it has a slipway.yml or docker-compose.prod.yml.")
  private @Nullable String platform;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON value instead of text.")
  private boolean json;

  private SlipwayCli(
      Environment environment,
      Redaction redaction,
      PrintStream out,
      PrintStream error,
      boolean terminal) {
    this.environment = environment;
    this.redaction = redaction;
    this.out = out;
    this.error = error;
    this.terminal = terminal;
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream error =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    Interruption interruption = Interruption.install(Thread.currentThread());
    ProxyVariables.apply(System.getenv())
        .forEach(
            name ->
                error.println(
                    name + " is no address of a proxy, such as http://HOST:PORT; it is not used."));
    int status = run(System.getenv(), out, error, true, arguments);
    interruption.finished(status);
    HttpDoor.endThreads();
    System.exit(status);
  }

  /** From Java 22 on only so while bin/slipway asks for the console of old. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean atTerminal() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"));
  }

  /** Runs one command with these variables and outputs, which are no terminal. */
  public static int run(
      Map<String, String> variables, PrintStream out, PrintStream error, String... arguments) {
    return run(variables, out, error, false, arguments);
  }

  /** {@code process}: these are the process's own outputs, of which libraries know one. */
  private static int run(
      Map<String, String> variables,
      PrintStream out,
      PrintStream error,
      boolean process,
      String... arguments) {
    Environment environment = new Environment(variables);
    Redaction redaction = new Redaction(environment.secrets());
    try (PrintStream shown = RedactedOutput.over(out, redaction);
        PrintStream told = RedactedOutput.over(error, redaction)) {
      if (process) {
        System.setErr(told);
      }
      return new SlipwayCli(environment, redaction, shown, told, process && atTerminal())
          .execute(arguments);
    }
  }

  private int execute(String... arguments) {
    if (Verbs.onlyLook(arguments)) {
      connect();
    }
    Failures failures =
        new Failures(
            out,
            error,
            Boolean.getBoolean("slipway.error.terminal") ? look() : StepDisplay.Look.PLAIN,
            redaction,
            arguments);
    try {
      return Verbs.addTo(new CommandLine(this), arguments)
          .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
          .setErr(new PrintWriter(error, true, StandardCharsets.UTF_8))
          .setColorScheme(
              CommandLine.Help.defaultColorScheme(
                  environment.find("NO_COLOR").isEmpty()
                          && environment.find("TERM").filter("dumb"::equals).isEmpty()
                      ? CommandLine.Help.Ansi.AUTO
                      : CommandLine.Help.Ansi.OFF))
          .setHelpFactory(this::help)
          .setParameterExceptionHandler((misuse, given) -> failures.tell(misuse))
          .setExecutionExceptionHandler((failure, line, parsed) -> failures.tell(failure))
          .execute(arguments);
    } finally {
      begun.ifPresent(Connecting::abandon);
    }
  }

  /** Begins to connect, while this machine is looked at; what is refused here gives it up. */
  void connect() {
    begun = Optional.of(Connecting.begin(environment));
  }

  private CommandLine.Help help(CommandSpec spec, CommandLine.Help.ColorScheme colours) {
    spec.usageMessage().width(Math.max(LEAST_HELP_COLUMNS, Columns.of(environment, terminal)));
    return new CommandLine.Help(spec, colours);
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

  /** Says how a deployment or rollback of this release ended as JSON, if asked for. */
  void ended(ExitCode code, ReleaseManifest release) {
    if (json) {
      out.println(
          Json.line(Map.of("outcome", code, "exitCode", code.status(), "release", release)));
    }
  }

  /** User-visible text: on the standard output, or beside it when that carries JSON. */
  DeployLog log() {
    StepDisplay shown = display;
    Consumer<String> sink = shown == null ? stream()::println : shown::print;
    return new DeployLog(sink, redaction, events);
  }

  private PrintStream stream() {
    return json ? error : out;
  }

  private StepDisplay.Look look() {
    if (!terminal || json) {
      return StepDisplay.Look.PLAIN;
    }
    return environment.find("NO_COLOR").isPresent()
        ? StepDisplay.Look.TERMINAL
        : StepDisplay.Look.COLOURED;
  }

  /**
   * Begins to record what this command does.
   *
   * @param load requests that another program makes meanwhile; null: looked for beside the report
   */
  Reporting reporting(Project project, @Nullable Path load) {
    Timeline timeline = new Timeline(clock());
    StepDisplay shown =
        new StepDisplay(stream(), look(), Columns.of(environment, terminal), clock());
    display = shown;
    events = DeployEvents.both(timeline, shown);
    DeployReport report = new DeployReport(project.output(), Optional.ofNullable(load));
    return new Reporting(project, report, timeline, shown, log());
  }

  /** Removes the report of the run before; this one may end before it can leave its own. */
  void forgetReport() {
    DeployReport.remove(workspace().output());
  }

  Project project() {
    return project(new Project(workspace(), environment));
  }

  Project project(TransferOption transfer) {
    return project(new Project(workspace(), environment, transfer.way()));
  }

  private Project project(Project project) {
    if (project.hasUncommittedSettings()) {
      error.println(
          "slipway.yml is not committed as it lies there; what counts is that of the commit.");
    }
    return project;
  }

  SshSettings sshSettings() {
    return new SshSettings(environment);
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
                .map(given -> Path.of(given).toAbsolutePath().toString()),
            Path.of(environment.find("PWD").orElse("")));
    return environment
        .find("SLIPWAY_OUTPUT")
        .map(Path::of)
        .map(workspace::withOutput)
        .orElse(workspace);
  }

  /** A session for a project that was looked at already, which may have been refused. */
  Session session(Project project) {
    return session(() -> project);
  }

  /** A session of a command that only looks: it connects while the platform is being read. */
  Session session() {
    return session(this::project);
  }

  /** A session that connects while something is looked at here, which may refuse. */
  Session session(Supplier<Project> looking) {
    Connecting connecting = begun.orElseGet(() -> Connecting.begin(environment));
    begun = Optional.of(connecting);
    Project project = looking.get();
    return Session.of(project, connecting.await(project), log(), clock());
  }
}
