package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.deploy.Deployment;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.release.ReleaseManifest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Ships the commit that is checked out. */
@Command(
    name = "deploy",
    description =
        "Ship the commit that is checked out, if a green verdict names it; publish it first where that was not done.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  slipway deploy", "  slipway deploy --platform ../platform-v2"})
@SuppressWarnings("NullAway.Init")
final class DeployCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Mixin private TransferOption transfer;

  @Option(
      names = "--load",
      paramLabel = "FILE",
      description =
          "Requests that a load generator makes meanwhile, for the chart in deploy.html: CSV (start,status,latency in ns) or JSON lines; by default load.csv or load.json in the output folder.")
  private @Nullable Path load;

  @Override
  public Integer call() {
    cli.connect();
    cli.forgetReport();
    Project project = cli.project(transfer);
    Reporting reporting = cli.reporting(project, load);
    reporting.about(project.named(cli.clock()));
    return reporting.of(Action.DEPLOY, () -> ship(project, reporting)).status();
  }

  private ExitCode ship(Project project, Reporting reporting) {
    ReleaseManifest proved = project.release(cli.clock());
    reporting.about(proved);
    try (Session session = cli.session(project::withEngine)) {
      Deployment deployment =
          session.deployment(
              Action.DEPLOY, moved -> project.moveLatest(moved, cli.clock(), line -> {}));
      if (!proved.unpublished().isEmpty()) {
        // Nothing is pushed for a plan that is refused, such as that of an old commit.
        deployment.plan(Action.DEPLOY, proved);
      }
      ReleaseManifest release = project.publish(proved, cli.clock(), cli.log()::note);
      ExitCode code = deployment.run(Action.DEPLOY, release);
      cli.ended(code, release);
      return code;
    }
  }
}
