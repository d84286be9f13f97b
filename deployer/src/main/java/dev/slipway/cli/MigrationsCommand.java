package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.effect.docker.DockerEngine;
import dev.slipway.migrations.MigrationCheck;
import dev.slipway.migrations.Scope;
import dev.slipway.migrations.alembic.TestBed;
import dev.slipway.migrations.report.MigrationReport;
import dev.slipway.migrations.report.ReportFiles;
import dev.slipway.migrations.report.ReportText;
import dev.slipway.platform.Migrations;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Proves the migrations alone, for somebody who writes one. */
@Command(
    name = "migrations",
    description =
        "Walk the revisions, uncommitted ones too, up, down and up again on a PostgreSQL of this machine's engine.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  slipway migrations                       every revision",
      "  slipway migrations --revision 4f1c       one revision and what stands on it",
      "  slipway migrations --since origin/main   those that origin/main does not have",
      "  slipway migrations --schema-only         on empty tables, quick if all is well",
      "  slipway migrations --details             with the locks of each new revision",
      "",
      "Exit codes: 0 nothing is wrong, 2 something is. docs/migration-rules.md explains each rule."
    })
@SuppressWarnings("NullAway.Init")
final class MigrationsCommand implements Callable<Integer> {

  @ParentCommand private SlipwayCli cli;
  @Spec private CommandSpec spec;

  @Option(
      names = "--revision",
      paramLabel = "ID",
      description = "Only this revision, or the one whose id begins so, and what stands on it.")
  private @Nullable String revision;

  @Option(
      names = "--since",
      paramLabel = "COMMIT",
      description =
          "Only revisions that this commit or branch does not have, and what stands on them.")
  private @Nullable String since;

  @Option(
      names = "--details",
      description = "Also tell which locks each new revision took, and what they kept waiting.")
  private boolean details;

  @Option(
      names = "--schema-only",
      description =
          "Only the walk, on empty tables: no rows, locks, kills, one transaction for all, nor models.")
  private boolean schemaOnly;

  @Override
  public Integer call() {
    if (schemaOnly && details) {
      throw new ParameterException(
          spec.commandLine(),
          "--schema-only and --details exclude each other: locks are measured with rows only.");
    }
    if (revision != null && since != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--revision and --since exclude each other: the one names a revision, the other a commit that has all but the new ones.");
    }
    try (DockerEngine engine = DockerEngine.connect();
        WorkingPlatform platform = cli.workingPlatform(engine)) {
      if (!cli.json()) {
        cli.log().note("Platform: " + platform.directory());
      }
      return walk(engine, platform);
    }
  }

  private int walk(DockerEngine engine, WorkingPlatform platform) {
    Scope scope = scope(platform);
    try (ContainerTestBed bed =
            new ContainerTestBed(
                engine, platform.platform(), platform.buildBackend(cli.log()::note));
        MigrationCheck check = check(bed, platform.platform().migrations(), scope)) {
      MigrationReport report =
          check.run(LocalDate.ofInstant(cli.clock().instant(), ZoneOffset.UTC));
      ReportFiles.write(
          platform.output(), report, check.history().revisions(), platform.revisionSources());
      if (cli.json()) {
        cli.out().println(Json.line(report));
      } else {
        ReportText.of(report, details).forEach(cli.log()::note);
      }
      return (report.isGreen() ? ExitCode.SUCCESS : ExitCode.REFUSED).status();
    }
  }

  private MigrationCheck check(TestBed bed, Migrations settings, Scope scope) {
    return schemaOnly
        ? MigrationCheck.ofSchema(bed, settings, scope, cli.log()::note)
        : MigrationCheck.of(bed, settings, scope, cli.log()::note);
  }

  private Scope scope(WorkingPlatform platform) {
    return Optional.ofNullable(revision)
        .map(Scope::revision)
        .or(() -> Optional.ofNullable(since).map(platform::newRevisions).map(Scope::only))
        .orElseGet(() -> Scope.all(platform.uncommittedRevisions()));
  }
}
