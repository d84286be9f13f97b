package dev.slipway.migrations.report;

import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.rule.MigrationFinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
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

  private static final String SETTINGS = "alembic.ini";

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
    List<Entry> entries = new ArrayList<>();
    Map<String, Integer> alike = new HashMap<>();
    for (MigrationFinding finding : report.judgement().failing()) {
      String identity = identity(finding);
      int number = alike.merge(identity, 1, Integer::sum);
      entries.add(entry(finding, identity + "\n" + number, source(finding, revisions, sources)));
    }
    return entries;
  }

  private static RevisionSource source(
      MigrationFinding finding,
      List<Revision> revisions,
      Function<Revision, RevisionSource> sources) {
    return revisions.stream()
        .filter(revision -> revision.id().equals(finding.revision()))
        .findFirst()
        .map(sources)
        .orElseGet(() -> new RevisionSource(folder(revisions, sources) + SETTINGS, ""));
  }

  /** Where alembic is called, seen from where the repository begins. */
  private static String folder(
      List<Revision> revisions, Function<Revision, RevisionSource> sources) {
    return revisions.stream()
        .map(revision -> before(sources.apply(revision).path(), revision.path()))
        .findFirst()
        .orElse("");
  }

  private static String before(String path, String end) {
    return path.endsWith(end) ? path.substring(0, path.length() - end.length()) : "";
  }

  /** What is about no object has it in its first line, where numbers differ from run to run. */
  private static String identity(MigrationFinding finding) {
    String what =
        finding.object().isEmpty()
            ? finding.message().lines().findFirst().orElse("").replaceAll("\\b\\d+\\b", "#")
            : finding.object();
    return finding.rule() + "\n" + finding.revision() + "\n" + what;
  }

  private static Entry entry(MigrationFinding finding, String identity, RevisionSource source) {
    return new Entry(
        finding.message(),
        finding.rule().id(),
        UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString(),
        "major",
        Map.of("path", source.path(), "lines", Map.of("begin", source.line(finding))));
  }
}
