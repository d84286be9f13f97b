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
    assertThat(ReportText.of(report(List.of(LEFT), List.of(new Judgement.Waived(LOSS, WAIVER)))))
        .containsExactly(
            "  a                                                  up    12 ms, down     3 ms  ok",
            "  b                                                  up    12 ms, down     3 ms  left-behind",
            "Not proved, the rows of odd: no value fits",
            "",
            "Waived until 2026-12-31, because nobody used it: [rows-lost] after `downgrade` of b rows are lost",
            "",
            "[left-behind] the enum type e is still there",
            "",
            "1 finding in 2 revisions; docs/migration-rules.md says of each rule why, and how to waive it.");
  }

  @Test
  void isBriefWhenAllIsWell() {
    assertThat(ReportText.of(report(List.of(), List.of())))
        .endsWith("", "Nothing is wrong with 2 revisions.");
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

  private static MigrationReport report(
      List<MigrationFinding> failing, List<Judgement.Waived> waived) {
    return new MigrationReport(
        List.of(walked("a"), walked("b")),
        new Judgement(failing, waived),
        Map.of("odd", "no value fits"),
        LockReport.NONE);
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
