package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Findings as GitLab shows them beside the lines of a merge request.
 *
 * @see <a href="https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format">the
 *     report's format</a>
 */
final class CodeQuality {

  private static final RevisionSource NO_REVISION = new RevisionSource("alembic.ini", "");

  private CodeQuality() {}

  /**
   * One entry.
   *
   * @param description what is wrong and what to do
   * @param check_name the rule
   * @param fingerprint the same for the same finding in another run
   * @param severity of GitLab's five
   * @param location where
   */
  record Entry(
      String description,
      String check_name,
      String fingerprint,
      String severity,
      Map<String, Object> location) {}

  /**
   * The entries.
   *
   * @param revisions those that were read
   * @param sources a revision's file
   */
  static List<Entry> of(
      MigrationReport report,
      List<Revision> revisions,
      Function<Revision, RevisionSource> sources) {
    return report.judgement().failing().stream()
        .map(finding -> entry(finding, source(finding, revisions, sources)))
        .toList();
  }

  private static RevisionSource source(
      MigrationFinding finding,
      List<Revision> revisions,
      Function<Revision, RevisionSource> sources) {
    return revisions.stream()
        .filter(revision -> revision.id().equals(finding.revision()))
        .findFirst()
        .map(sources)
        .orElse(NO_REVISION);
  }

  private static Entry entry(MigrationFinding finding, RevisionSource source) {
    String identity = finding.rule() + "\n" + finding.revision() + "\n" + finding.object();
    return new Entry(
        finding.message(),
        finding.rule().id(),
        UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString(),
        "major",
        Map.of("path", source.path(), "lines", Map.of("begin", source.line(finding))));
  }
}
