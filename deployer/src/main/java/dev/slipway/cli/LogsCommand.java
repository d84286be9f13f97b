package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.ledger.History;
import dev.slipway.platform.Platform;
import dev.slipway.platform.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows what services print. */
@Command(
    name = "logs",
    description = "Show the last lines of a service, or follow them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway logs --follow backend",
      "  slipway logs --since 10m --lines 500 nginx",
      "  slipway logs --json backend | jq -r .line"
    })
@SuppressWarnings("NullAway.Init")
final class LogsCommand implements Callable<Integer> {

  private static final Duration ONE_DAY = Duration.ofDays(1);

  @ParentCommand private SlipwayCli cli;

  @Parameters(
      arity = "0..1",
      defaultValue = "",
      paramLabel = "SERVICE",
      description = "By default the backend.")
  private String service;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until interrupted.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      defaultValue = "50",
      description = "How many; by default ${DEFAULT-VALUE}.")
  private int lines;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only what is younger: 10m, 2h, or an instant such as 2026-01-01T12:00:00Z.")
  private @Nullable String since;

  @Override
  public Integer call() {
    requireName();
    if (lines < 0) {
      throw SlipwayException.refused(
          "--lines must be 0 or more, not " + lines + ".", "Leave it out for the newest 50.");
    }
    try (Session session = cli.session()) {
      Project project = session.project();
      String name = service.isEmpty() ? project.platform().backend().name() : service;
      String from = since;
      if (from != null) {
        ShellCommand younger =
            session.commands().logsSince(project.platform().name(), name, from, lines, follow);
        session.learnSecrets();
        return ended(session.server().run(younger, ONE_DAY, this::show), name, project.platform());
      }
      History history = session.host().history();
      Map<String, String> variables =
          history
              .current()
              .map(ReleaseManifest::variables)
              .orElse(project.imageNames().variables());
      var compose = session.compose().withVariables(variables);
      ShellCommand command = follow ? compose.follow(List.of(name)) : compose.logs(name, lines);
      return ended(
          session.server().run(command, ONE_DAY, this::showOfCompose), name, project.platform());
    }
  }

  /** Docker's own exit status means something else than Slipway's. */
  static int ended(CommandResult result, String service, Platform platform) {
    if (result.succeeded()) {
      return ExitCode.SUCCESS.status();
    }
    Set<String> services = platform.compose().services().keySet();
    if (!services.contains(service)) {
      throw SlipwayException.refused(
          "There is no service '" + service + "'.",
          "The services are: " + String.join(", ", services) + ".");
    }
    throw SlipwayException.refused(
        "The lines of " + service + " could not be read: " + result.tail(1) + ".",
        "`slipway status` says which containers there are.");
  }

  /** The server's checkout may have services that this one lacks, but none with such a name. */
  private void requireName() {
    if (!service.isEmpty() && !ServiceSpec.isName(service)) {
      throw SlipwayException.refused(
          "'" + service + "' is no name for a service.", "`slipway status` lists the services.");
    }
  }

  private void showOfCompose(String line) {
    if (!ComposeCommands.isHeading(line)) {
      show(line);
    }
  }

  /** For programs each line is a JSON object of its own: with --follow there is no last one. */
  private void show(String line) {
    if (cli.json()) {
      cli.out().println(Json.line(Map.of("line", cli.log().redacted(line))));
    } else {
      cli.log().note(line);
    }
  }
}
