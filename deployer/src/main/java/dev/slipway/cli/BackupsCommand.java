package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.deploy.database.BackupFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Lists the backups on the server. */
@Command(
    name = "backups",
    description = "List the backups of the database, oldest first, and check their checksums.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway backups",
      "  slipway backups --json | jq -r '.[-1].name'"
    })
@SuppressWarnings("NullAway.Init")
final class BackupsCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;

  @Override
  public Integer call() {
    Project project = cli.project();
    try (Session session = cli.session(project)) {
      List<BackupFile> backups = session.host().backups().list(true);
      if (cli.json()) {
        cli.out().println(Json.line(backups.stream().map(BackupsCommand::shown).toList()));
        return ExitCode.SUCCESS.status();
      }
      if (backups.isEmpty()) {
        cli.log().note("There is no backup; one is taken before each migration.");
      }
      backups.forEach(backup -> cli.log().note(line(backup)));
      return ExitCode.SUCCESS.status();
    }
  }

  private static Map<String, Object> shown(BackupFile backup) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", backup.name());
    shown.put("taken", backup.taken());
    shown.put("bytes", backup.bytes());
    shown.put("release", backup.release());
    shown.put("revision", backup.revision());
    shown.put("tables", backup.tables());
    shown.put("checksum", backup.checksum());
    shown.put("beforeRestore", backup.beforeRestore());
    return shown;
  }

  private static String line(BackupFile backup) {
    return String.format(
        Locale.ROOT,
        "%s  %s  %d tables at %s, release %s, checksum %s%s",
        backup.name(),
        backup.size(),
        backup.tables(),
        backup.revision().orElse("no revision"),
        backup.release().orElse("unknown"),
        backup.checksum().name().toLowerCase(Locale.ROOT),
        backup.beforeRestore() ? ", taken before a restore" : "");
  }
}
