package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.deploy.Host;
import dev.slipway.deploy.Remains;
import dev.slipway.deploy.RollbackTarget;
import dev.slipway.deploy.WayBack;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.release.ReleaseManifest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Brings an earlier release back. */
@Command(
    name = "rollback",
    description =
        "Bring back the last good release before the current one; the schema stays as it is.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway rollback",
      "  slipway rollback --to 4f2a91c",
      "  slipway rollback --force 'orders fail with the new one'"
    })
@SuppressWarnings("NullAway.Init")
final class RollbackCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Mixin private TransferOption transfer;

  @Option(
      names = "--to",
      paramLabel = "COMMIT",
      description = "A release that served before; `slipway history` lists them.")
  private @Nullable String to;

  @Option(
      names = "--load",
      paramLabel = "FILE",
      description =
          "Requests that a load generator makes meanwhile, for the chart in deploy.html: CSV (start,status,latency in ns) or JSON lines; by default load.csv or load.json in the output folder.")
  private @Nullable Path load;

  @Option(
      names = "--force",
      paramLabel = "REASON",
      description =
          "Go back although the code is known to fail on the schema of now; the reason is recorded.")
  private @Nullable String force;

  @Override
  public Integer call() {
    cli.forgetReport();
    Project project = cli.project(transfer);
    Reporting reporting = cli.reporting(project, load);
    return reporting.of(Action.ROLLBACK, () -> goBack(project, reporting)).status();
  }

  private ExitCode goBack(Project project, Reporting reporting) {
    try (Session session = cli.session(project)) {
      Host host = session.host();
      History history = host.history();
      Optional<String> wanted = Optional.ofNullable(to);
      ReleaseManifest release =
          RollbackTarget.of(
              history, wanted, wanted.isEmpty() ? host.remains(history) : Remains.NONE);
      reporting.about(release);
      if (wanted.isEmpty() && history.current().equals(Optional.of(release))) {
        cli.log().note(notFurther(history, release));
      }
      return goBack(session, host, history, release);
    }
  }

  private ExitCode goBack(Session session, Host host, History history, ReleaseManifest release) {
    Optional<String> reason = Optional.ofNullable(force);
    WayBack.require(history, host.schemaRevision(), release, reason, cli.log());
    ExitCode code =
        session
            .deployment(
                Action.ROLLBACK,
                moved -> session.project().moveLatest(moved, cli.clock(), line -> {}),
                reason)
            .rollBack(release, history);
    cli.ended(code, release);
    return code;
  }

  private static String notFurther(History history, ReleaseManifest release) {
    return "It is not certain that "
        + release.briefCommit()
        + " serves, the last release that was seen to, so that is where this goes"
        + history
            .beforeCurrent()
            .map(before -> "; `" + RollbackTarget.command(before) + "` goes further.")
            .orElse(".");
  }
}
