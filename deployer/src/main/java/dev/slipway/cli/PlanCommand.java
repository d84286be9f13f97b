package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.plan.DeployPlan;
import dev.slipway.plan.Step;
import dev.slipway.release.ReleaseManifest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Shows what a deployment would do. */
@Command(
    name = "plan",
    description =
        "Show each step of a deployment with its cause; nothing is changed, on the server or elsewhere, and nothing is published.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  slipway plan --json | jq '.steps[].what'"})
@SuppressWarnings("NullAway.Init")
final class PlanCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Mixin private TransferOption transfer;

  @Override
  public Integer call() {
    Project project = cli.project(transfer);
    ReleaseManifest release = project.release(cli.clock());
    try (Session session = cli.session(project)) {
      DeployPlan plan =
          session.deployment(Action.DEPLOY, latest -> {}).plan(Action.DEPLOY, release);
      if (cli.json()) {
        cli.out()
            .println(
                Json.line(
                    Map.of(
                        "release",
                        release,
                        "pushes",
                        release.unpublished(),
                        "steps",
                        steps(plan),
                        "costs",
                        plan.costs(),
                        "notes",
                        plan.notes())));
      } else {
        cli.log().unpublished(release);
        cli.log().plan(plan);
      }
      return ExitCode.SUCCESS.status();
    }
  }

  private static List<Map<String, String>> steps(DeployPlan plan) {
    return plan.steps().stream().map(PlanCommand::step).toList();
  }

  private static Map<String, String> step(Step step) {
    return Map.of(
        "step", step.getClass().getSimpleName(), "what", step.what(), "cause", step.cause());
  }
}
