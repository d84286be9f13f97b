package dev.slipway.migrations.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.Json;
import dev.slipway.migrations.alembic.Drift;
import dev.slipway.migrations.rule.MigrationFinding;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelDriftTest {

  private static final String NOTE = "add_column orders.note";
  private static final String INDEX = "add_index ix_orders_note on orders";

  @Test
  void namesEachDifferenceAndWhatToDo() {
    assertThat(messages(List.of(NOTE, INDEX), List.of()))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("The models and the migrations differ: `add_column orders.note`")
        .contains("alembic revision --autogenerate", "migrations.known-drift in slipway.yml");
  }

  @Test
  void letsKnownDriftWaitAndNotNewOne() {
    assertThat(messages(List.of(NOTE), List.of(NOTE))).isEmpty();
    assertThat(messages(List.of(NOTE, INDEX), List.of(NOTE)))
        .singleElement()
        .asString()
        .contains("ix_orders_note");
  }

  @Test
  void asksToTakeOutWhatIsKnownAndGone() {
    assertThat(messages(List.of(), List.of(NOTE)))
        .containsExactly(
            "`add_column orders.note` stands in migrations.known-drift in slipway.yml, but nothing differs so any more; take it out.");
  }

  @Test
  void saysNothingWhereEnvPyNamesNoModels() {
    assertThat(ModelDrift.findings(new Drift(false, List.of(), ""), List.of(NOTE))).isEmpty();
  }

  @Test
  void takesAComparisonThatFailsForNoAgreement() {
    Drift failed =
        Json.read(
            "{\"done\": false, \"error\": \"boom\", \"traceback\": \"  File \\\"env.py\\\", line 6\\nRuntimeError: boom\\n\"}",
            Drift.class);

    assertThat(ModelDrift.findings(failed, List.of(NOTE)))
        .extracting(MigrationFinding::message)
        .singleElement()
        .asString()
        .startsWith("The models cannot be compared with the migrations:")
        .contains("env.py\", line 6", "RuntimeError: boom", "Mend env.py");
  }

  private static List<String> messages(List<String> differences, List<String> known) {
    return ModelDrift.findings(new Drift(true, differences, ""), known).stream()
        .map(MigrationFinding::message)
        .toList();
  }
}
