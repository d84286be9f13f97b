package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ComposeCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.ledger.History;
import dev.slipway.platform.Platform;
import dev.slipway.platform.compose.ServiceSpec;
import dev.slipway.release.ReleaseManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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

  /** Until somebody ends it. */
  private static final Duration FOR_GOOD = Duration.ofDays(3650);

  private static final Duration LOOK = Duration.ofSeconds(60);
  private static final int USUAL = 50;
  private static final String TIME =
      "([0-9]+(\\.[0-9]+)?(ms|s|m|h))+|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?";

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
      paramLabel = "N",
      description = "How many; by default 50, with --since all.")
  private @Nullable Integer lines;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only what is younger: 10m, 2h, or an instant such as 2026-01-01T12:00:00Z.")
  private @Nullable String since;

  private volatile boolean printed;

  @Override
  public Integer call() {
    requireName();
    Optional<Integer> wanted = Optional.ofNullable(lines);
    if (wanted.filter(number -> number < 0).isPresent()) {
      throw SlipwayException.refused(
          "--lines must be 0 or more, not " + lines + ".", "Leave it out for the newest 50.");
    }
    Optional<String> from = Optional.ofNullable(since);
    from.ifPresent(LogsCommand::requireTime);
    try (Session session = cli.session()) {
      Platform platform = session.project().platform();
      String name = service.isEmpty() ? platform.backend().name() : service;
      ShellCommand command =
          from.map(
                  time -> session.commands().logsSince(platform.name(), name, time, wanted, follow))
              .orElseGet(() -> ofCompose(session, name, wanted.orElse(USUAL)));
      session.learnSecrets();
      int status =
          ended(
              read(session.server(), command, from.isEmpty() ? this::showOfCompose : this::show),
              name,
              platform);
      // Compose has nothing to say where there is no container.
      if (!printed
          && !Thread.currentThread().isInterrupted()
          && !session
              .server()
              .run(session.commands().hasContainer(platform.name(), name), LOOK)
              .succeeded()) {
        return ended(new CommandResult(1, "", "no container of " + name), name, platform);
      }
      return status;
    }
  }

  private ShellCommand ofCompose(Session session, String name, int number) {
    History history = session.host().history();
    Map<String, String> variables =
        history
            .current()
            .map(ReleaseManifest::variables)
            .orElse(session.project().imageNames().variables());
    var compose = session.compose().withVariables(variables);
    return follow ? compose.follow(List.of(name), number) : compose.logs(name, number);
  }

  private CommandResult read(Shell server, ShellCommand command, Consumer<String> show) {
    return follow
        ? following(server, command, show, cli.out()::checkError)
        : server.run(command, ONE_DAY, show);
  }

  /** Whoever follows ends it by a signal, or by reading no more: that is how it ends well. */
  static CommandResult following(
      Shell server, ShellCommand command, Consumer<String> show, BooleanSupplier unread) {
    Thread reader = Thread.currentThread();
    try {
      return server.run(
          command,
          FOR_GOOD,
          line -> {
            show.accept(line);
            if (unread.getAsBoolean()) {
              reader.interrupt();
            }
          });
    } catch (SlipwayException ended) {
      if (Thread.currentThread().isInterrupted()) {
        return new CommandResult(0, "", "");
      }
      throw ended;
    }
  }

  private static void requireTime(String text) {
    if (!text.matches(TIME)) {
      throw SlipwayException.refused(
          "--since is no time: \"" + text + "\".",
          "Write how long ago, such as 10m or 2h30m, or an instant such as 2026-01-01T12:00:00Z.");
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
    printed = true;
    if (cli.json()) {
      cli.out().println(Json.line(Map.of("line", cli.log().redacted(line))));
    } else {
      cli.log().note(line);
    }
  }
}
