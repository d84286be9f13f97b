package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Lists what happened on the server. */
@Command(
    name = "history",
    description = "List deployments and rollbacks, newest first.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway history --lines 5",
      "  slipway history --json | jq '.[0].outcome'"
    })
@SuppressWarnings("NullAway.Init")
final class HistoryCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many; by default ${DEFAULT-VALUE}.")
  private int lines;

  @Override
  public Integer call() {
    if (lines < 1) {
      throw SlipwayException.refused(
          "--lines must be 1 or more, not " + lines + ".", "Leave it out for the newest 20.");
    }
    try (Session session = cli.session()) {
      List<LedgerEntry> entries = session.host().history().entries();
      List<LedgerEntry> newest =
          new ArrayList<>(entries.subList(Math.max(0, entries.size() - lines), entries.size()));
      Collections.reverse(newest);
      if (cli.json()) {
        cli.out().println(Json.line(newest));
        return ExitCode.SUCCESS.status();
      }
      if (newest.isEmpty()) {
        cli.log().note("Nothing was ever deployed here by Slipway.");
      }
      newest.forEach(entry -> cli.log().note(line(entry)));
      return ExitCode.SUCCESS.status();
    }
  }

  private static String line(LedgerEntry entry) {
    return String.format(
        Locale.ROOT,
        "%s  %-8s %-11s %s  %ds  %s%s",
        entry.at(),
        entry.action(),
        entry.outcome(),
        entry.release().briefCommit(),
        entry.seconds(),
        entry.by(),
        entry.reason().map(reason -> "  " + reason).orElse(""));
  }
}
