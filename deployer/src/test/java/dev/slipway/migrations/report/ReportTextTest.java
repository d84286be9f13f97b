package dev.slipway.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.migrations.alembic.Revision;
import dev.slipway.migrations.alembic.StepResult;
import dev.slipway.migrations.lock.LockReport;
import dev.slipway.migrations.rule.Judgement;
import dev.slipway.migrations.rule.MigrationFinding;
import dev.slipway.migrations.rule.Rule;
import dev.slipway.migrations.rule.Waiver;
import dev.slipway.migrations.walk.WalkedRevision;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  private static final MigrationFinding LOSS =
      new MigrationFinding(Rule.ROWS_LOST, "b", "", "after `downgrade` of b rows are lost");
  private static final MigrationFinding LEFT =
      new MigrationFinding(Rule.LEFT_BEHIND, "b", "enum type e", "the enum type e is still there");
  private static final Waiver WAIVER =
      new Waiver("b", 3, Rule.ROWS_LOST, "nobody used it", LocalDate.of(2026, 12, 31));

  private static final String SOURCE =
      """
      revision = "b"


      def upgrade() -> None:
          op.create_table("orders", sa.Column("kind", sa.Enum("x", name="e")))


      def downgrade() -> None:
          op.drop_table("orders")
      """;

  @Test
  void saysOfEachRevisionHowItWentAndThenWhatIsWrong() {
    assertThat(
            ReportText.of(
                report(List.of(LEFT), List.of(new Judgement.Waived(LOSS, WAIVER))), false))
        .containsExactly(
            "  a                                                  up    12 ms, down     3 ms  ok",
            "  b                                                  up    12 ms, down     3 ms  left-behind",
            "Not proved of odd: no value fits",
            "",
            "Waived until 2026-12-31, because nobody used it: [rows-lost] after `downgrade` of b rows are lost",
            "",
            "[left-behind] the enum type e is still there",
            "",
            "1 finding in 2 revisions; docs/migration-rules.md says of each rule why, and how to waive it.");
  }

  @Test
  void isBriefWhenAllIsWell() {
    assertThat(ReportText.of(report(List.of(), List.of()), false))
        .endsWith("", "Nothing is wrong with 2 revisions.");
  }

  @Test
  void namesTheWorstOfSeveralFindings() {
    MigrationFinding queue = new MigrationFinding(Rule.LOCK_QUEUE, "b", "", "waits for ever");

    assertThat(ReportText.of(report(List.of(queue, LOSS, LEFT), List.of()), false).get(1))
        .endsWith("  left-behind and 2 more");
  }

  @Test
  void saysWhatWasFeltAndOnDemandAllOfIt() {
    MigrationReport report = report(List.of(), List.of(), SeenLocks.report(revision("b")));

    assertThat(ReportText.of(report, false).get(1))
        .endsWith("  ok; reads of orders were blocked for 390 ms");
    assertThat(ReportText.of(report, true).subList(1, 7))
        .containsExactly(
            "  b                                                  up    12 ms, down     3 ms  ok; reads of orders were blocked for 390 ms",
            "      Reads and writes of orders wait for 398 ms, from statement 1 on.",
            "      Writes to customers wait for 200 ms, from statement 2 on; the table is written anew.",
            "      Felt: reads of orders were blocked for 390 ms by `ALTER TABLE orders ADD COLUMN note TEXT`.",
            "      Felt: writes to customers were blocked for 180 ms by `CREATE INDEX ix ON customers (name)`.",
            "      Statement 2 reads customers from the beginning, 100 000 rows: `CREATE INDEX ix ON customers (name)`.");
    assertThat(ReportText.of(report, true))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "Advice [lock-queue] `ALTER TABLE orders ADD COLUMN note TEXT` of b waits")
                    .contains(": a new reader waited 301 ms, which is as long as"));
  }

  @Test
  void givesGitlabTheLineOfEachFinding() {
    String json =
        Json.line(
            CodeQuality.of(
                report(List.of(LEFT), List.of()),
                List.of(revision("a"), revision("b")),
                revision -> new RevisionSource("backend/" + revision.path(), SOURCE)));

    assertThat(Json.tree(json).get(0).path("location").path("path").asText())
        .isEqualTo("backend/versions/b.py");
    assertThat(Json.tree(json).get(0).at("/location/lines/begin").asInt()).isEqualTo(8);
    assertThat(Json.tree(json).get(0).path("check_name").asText()).isEqualTo("left-behind");
    assertThat(Json.tree(json).get(0).path("fingerprint").asText()).hasSize(36);
  }

  @Test
  void givesGitlabEachFindingUnderAFingerprintThatTheNextRunHasToo() {
    assertThat(fingerprints(lost("orders has 3 rows"), lost("customers has 3 rows"), LEFT, LEFT))
        .doesNotHaveDuplicates()
        .startsWith(fingerprints(lost("orders has 7 rows\n[SQL: …]")).get(0));
  }

  @Test
  void showsGitlabWhatIsNoRevisionsFaultInAlembicsOwnFolder() {
    MigrationFinding drift = new MigrationFinding(Rule.DRIFT, "", "", "remove_index ix on orders");

    assertThat(entries(drift).get(0).location()).containsEntry("path", "backend/alembic.ini");
  }

  private static MigrationFinding lost(String what) {
    return new MigrationFinding(Rule.ROWS_LOST, "b", "", "after `downgrade` of b " + what);
  }

  private static List<String> fingerprints(MigrationFinding... findings) {
    return entries(findings).stream().map(CodeQuality.Entry::fingerprint).toList();
  }

  private static List<CodeQuality.Entry> entries(MigrationFinding... findings) {
    return CodeQuality.of(
        report(List.of(findings), List.of()),
        List.of(revision("a"), revision("b")),
        revision -> new RevisionSource("backend/" + revision.path(), SOURCE));
  }

  private static MigrationReport report(
      List<MigrationFinding> failing, List<Judgement.Waived> waived) {
    return report(failing, waived, LockReport.NONE);
  }

  private static MigrationReport report(
      List<MigrationFinding> failing, List<Judgement.Waived> waived, LockReport locks) {
    return new MigrationReport(
        List.of(walked("a"), walked("b")),
        new Judgement(failing, waived),
        Map.of("odd", "no value fits"),
        locks);
  }

  private static WalkedRevision walked(String id) {
    return new WalkedRevision(
        revision(id), step(12), step(3), List.of(), List.of(), List.of(), Map.of(), Map.of());
  }

  private static StepResult step(double millis) {
    return new StepResult(true, millis, false, false, "", "", List.of(), List.of());
  }

  private static Revision revision(String id) {
    return new Revision(id, List.of(), 1, "", "versions/" + id + ".py", List.of());
  }
}
