package dev.slipway.migrations.report;

import dev.slipway.Json;
import dev.slipway.effect.git.Workspace;
import dev.slipway.migrations.alembic.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Where a check's report is written: {@code migrations.json}, the same for people as {@code
 * migrations.html}, and what GitLab reads of it.
 */
public final class ReportFiles {

  private ReportFiles() {}

  /**
   * Writes them.
   *
   * @param folder where to
   * @param revisions those that were read
   * @param sources a revision's file
   */
  public static void write(
      Path folder,
      MigrationReport report,
      List<Revision> revisions,
      Function<Revision, RevisionSource> sources) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("migrations.json"), Json.page(report));
      Files.writeString(folder.resolve("migrations.html"), ReportPage.of(report, revisions));
      Files.writeString(
          folder.resolve("migrations-code-quality.json"),
          Json.page(CodeQuality.of(report, revisions, sources)));
    } catch (IOException obstacle) {
      throw Workspace.unwritable(folder, obstacle);
    }
  }
}
