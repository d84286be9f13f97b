package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
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
      "  slipway rollback --force 'orders fail with the new one, reports with the old one'"
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
    Project project = cli.project(transfer);
    Reporting reporting = cli.reporting(project, load);
    try (Session session = cli.session(project)) {
      History history = session.host().history();
      ReleaseManifest release = target(history);
      return reporting
          .of(Action.ROLLBACK, release, () -> goBack(session, history, release))
          .status();
    }
  }

  private ExitCode goBack(Session session, History history, ReleaseManifest release) {
    Optional<String> reason = Optional.ofNullable(force);
    WayBack.require(history, session.host().schemaRevision(), release, reason, cli.log());
    ExitCode code =
        session
            .deployment(
                Action.ROLLBACK,
                moved -> session.project().moveLatest(moved, cli.clock(), line -> {}),
                reason)
            .run(Action.ROLLBACK, release);
    cli.ended(code, release);
    return code;
  }

  private ReleaseManifest target(History history) {
    String wanted = to;
    if (wanted == null) {
      return history
          .previous()
          .orElseThrow(
              () ->
                  SlipwayException.refused(
                      "There is no earlier good release to go back to.",
                      "`slipway history` shows what served."));
    }
    return history
        .release(wanted)
        .orElseThrow(
            () ->
                SlipwayException.refused(
                    "No release " + wanted + " ever served on this server.",
                    "`slipway history` shows what served."));
  }
}
