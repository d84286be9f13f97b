package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.Secret;
import dev.slipway.deploy.bootstrap.Bootstrap;
import dev.slipway.deploy.bootstrap.BootstrapPlan;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Prepares a bare server for its first deployment. */
@Command(
    name = "bootstrap",
    description =
        "Prepare a bare server for its first deployment, after showing the plan: the checkout, the folder of lock and ledger, and the keys of .env that the compose file needs. Software is checked and never installed.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The keys' values are taken from variables of the same names, or typed without echo.",
      "",
      "Examples:",
      "  slipway bootstrap",
      "  slipway bootstrap --origin git@git.example:team/platform-v2.git --yes"
    })
@SuppressWarnings("NullAway.Init")
final class BootstrapCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Option(
      names = "--origin",
      paramLabel = "URL",
      description =
          "The platform's repository as the server reaches it; by default this checkout's own origin.")
  private @Nullable String origin;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask; needed where there is no terminal.")
  private boolean yes;

  @Override
  public Integer call() {
    Project project = cli.project();
    String from = Optional.ofNullable(origin).or(project.repository()::origin).orElse("");
    try (Session session = cli.session(project)) {
      Bootstrap bootstrap = session.bootstrap(from);
      BootstrapPlan plan = bootstrap.plan();
      plan.toString().lines().forEach(cli.log()::note);
      if (!plan.nothingToDo()) {
        Questions questions = Questions.ofTerminal();
        questions.confirm(yes, "Prepare the server so?");
        Map<String, Secret> values = questions.secrets(plan.missing(), project.environment());
        bootstrap.execute(plan, values);
      }
      if (cli.json()) {
        cli.out().println(Json.line(Map.of("outcome", ExitCode.SUCCESS, "steps", plan.lines())));
      }
      return ExitCode.SUCCESS.status();
    }
  }
}
