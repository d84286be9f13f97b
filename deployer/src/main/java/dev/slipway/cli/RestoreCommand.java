package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.Restore;
import dev.slipway.plan.RestorePlan;
import java.io.Console;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Puts a backup in the database's place. */
@Command(
    name = "restore",
    description =
        "Put a backup in the place of the database, after a backup of what is there; shows a plan and asks first.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway restore 20260114T093000Z-4f2a91c07b3d-0011.dump",
      "  slipway restore latest --yes"
    })
@SuppressWarnings("NullAway.Init")
final class RestoreCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Parameters(
      paramLabel = "BACKUP",
      description = "Its name, as `slipway backups` lists it, or latest.")
  private String backup;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask; needed where there is no terminal.")
  private boolean yes;

  @Override
  public Integer call() {
    Project project = cli.project();
    try (Session session = cli.session(project)) {
      Restore restore = session.restore();
      RestorePlan plan = restore.plan(backup);
      plan.toString().lines().forEach(cli.log()::note);
      confirm(plan);
      ExitCode code = restore.run(plan);
      if (cli.json()) {
        cli.out()
            .println(
                Json.line(
                    Map.of("outcome", code, "exitCode", code.status(), "backup", plan.backup())));
      }
      return code.status();
    }
  }

  /** From Java 22 on there is a console without a terminal too; there no answer is a refusal. */
  @SuppressWarnings("SystemConsoleNull")
  private void confirm(RestorePlan plan) {
    if (yes) {
      return;
    }
    Console console = System.console();
    if (console == null) {
      throw SlipwayException.refused(
          "Nobody can be asked here whether the database may be replaced.",
          "Read the plan above and add --yes.");
    }
    Optional<String> answer =
        Interruption.answer(
            () -> Optional.ofNullable(console.readLine("Type %s to go on: ", plan.database())));
    if (!answer.equals(Optional.of(plan.database()))) {
      throw SlipwayException.refused("Nothing was changed.", "Run it again when you are sure.");
    }
  }
}
