package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import dev.slipway.ledger.History;
import dev.slipway.ledger.LedgerEntry.Action;
import dev.slipway.release.ReleaseManifest;
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
    footer = {"", "Examples:", "  slipway rollback", "  slipway rollback --to 4f2a91c"})
@SuppressWarnings("NullAway.Init")
final class RollbackCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Mixin private TransferOption transfer;

  @Option(
      names = "--to",
      paramLabel = "COMMIT",
      description = "A release that served before; `slipway history` lists them.")
  private @Nullable String to;

  @Override
  public Integer call() {
    Project project = cli.project(transfer);
    try (Session session = cli.session(project)) {
      ReleaseManifest release = target(session.host().history());
      ExitCode code =
          session
              .deployment(
                  Action.ROLLBACK, moved -> project.moveLatest(moved, cli.clock(), line -> {}))
              .run(Action.ROLLBACK, release);
      return cli.ended(code, release);
    }
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
