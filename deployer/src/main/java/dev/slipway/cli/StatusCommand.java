package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.deploy.status.ServerStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Says what runs on the server. */
@Command(
    name = "status",
    description =
        "Say what serves, since when and by whom, what each container does, and what was changed by hand since.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 9 when the server is otherwise than the ledger says.",
      "",
      "Examples:",
      "  slipway status",
      "  slipway status --json | jq -r '.serving.release.commit'",
      "  slipway status --json | jq -r '.drift[]'"
    })
@SuppressWarnings("NullAway.Init")
final class StatusCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Override
  public Integer call() {
    try (Session session = cli.session()) {
      ServerStatus status = session.status();
      if (cli.json()) {
        cli.out().println(Json.line(status));
      } else {
        status.lines(cli.clock().instant()).forEach(cli.log()::note);
      }
      return (status.drift().isEmpty() ? ExitCode.SUCCESS : ExitCode.DRIFTED).status();
    }
  }
}
