package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * Findings as GitLab shows them beside the lines of a merge request.
 *
 * @see <a href="https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format">the
 *     report's format</a>
 */
final class CodeQuality {

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
   * @param locate the path of a revision's file in the repository
   */
  static List<Entry> of(
      MigrationReport report, List<Revision> revisions, Function<Revision, String> locate) {
    Map<String, String> paths = new TreeMap<>();
    revisions.forEach(revision -> paths.put(revision.id(), locate.apply(revision)));
    return report.judgement().failing().stream()
        .map(finding -> entry(finding, paths.getOrDefault(finding.revision(), "alembic.ini")))
        .toList();
  }

  private static Entry entry(MigrationFinding finding, String path) {
    String identity = finding.rule() + "\n" + finding.revision() + "\n" + finding.object();
    return new Entry(
        finding.message(),
        finding.rule().id(),
        UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString(),
        "major",
        Map.of("path", path, "lines", Map.of("begin", 1)));
  }
}
